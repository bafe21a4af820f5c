import type { AtDeadline } from "../../lambdas/runtime/protocol.ts";
import type { Effect } from "../../lambdas/runtime/spec.ts";
import { reachedFrom } from "./ladder.ts";
import { type Registries, revertibleWith } from "./registries.ts";
import type { Plan, Step } from "./schema.ts";

/** Effects that leave data as it is: what they change is names, pointers and copies. */
const WITHOUT_DATA: ReadonlySet<Effect> = new Set(["backs-up", "switches"]);

/** Steps of a plan that touch data, or whose effect is not known, which is taken for the same. */
export function dataSteps(stages: Plan["stages"], { actions }: Registries): Step[] {
  return stages
    .flatMap(({ steps }) => steps)
    .filter(({ action }) => {
      const effect = actions[action]?.effect;
      return effect === undefined || !WITHOUT_DATA.has(effect);
    });
}

/** Steps after which data of the present lies beside the service: rows written since are kept there. */
export const setsAside = (stages: Plan["stages"], registries: Registries): Step[] =>
  dataSteps(stages, registries).filter(({ action }) => registries.actions[action]?.effect !== "fences");

/**
 * What follows at one level when nobody has answered by the deadline. What the plan says wins; else the risk of the
 * steps that would run: switches alone go on, anything that touches data or cannot be undone holds.
 */
export function atDeadline(plan: Plan, level: string, registries: Registries): AtDeadline {
  const stated = plan.approval?.atDeadline;
  if (stated) return { action: stated, because: "the plan says so" };
  // A run that climbs may come to the stages of the levels above.
  const stages = plan.stages.filter((stage) => reachedFrom(plan, stage)?.includes(level) ?? true);
  const data = dataSteps(stages, registries).map(({ id }) => id);
  if (data.length > 0) return { action: "hold", because: `data is touched by ${data.join(", ")}` };
  const final = stages
    .flatMap(({ steps }) => steps)
    .filter((step) => {
      const spec = registries.actions[step.action];
      return !spec || !revertibleWith(spec, step.with);
    })
    .map(({ id }) => id);
  if (final.length > 0) return { action: "hold", because: `${final.join(", ")} cannot be undone` };
  return { action: "rollback", because: "the steps that would run only switch, and can be undone" };
}
