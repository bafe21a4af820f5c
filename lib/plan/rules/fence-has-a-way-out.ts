import { levelsOf, runsAt } from "../criteria.ts";
import { expressionsIn, referencesOf } from "../expressions.ts";
import { type PlacedStep, type Rule, stepsOf } from "./rule.ts";

/**
 * A fence holds after the run: what is fenced was meant to be left behind. Where no later step takes the service
 * elsewhere, its users stay locked out of the database that it goes on using, and every run ends in its own revert.
 */
export const fenceHasAWayOut: Rule = (plan, registries) => {
  const steps = stepsOf(plan, registries);
  return steps.flatMap((fence) => {
    if (fence.spec.effect !== "fences") return [];
    const fenced = new Set(fence.spec.touches(fence.input).map(({ id }) => id));
    const ways = steps.filter((other) => other.stage > fence.stage && leadsAway(other, steps, fenced));
    const at = (each: PlacedStep) => plan.stages[each.stage]!;
    return levelsOf(plan).every(
      (level) => !runsAt(at(fence), level) || ways.some((way) => runsAt(at(way), level)),
    )
      ? []
      : [
          {
            path: fence.path,
            reason: `"${fence.step.id}" keeps the application out of ${[...fenced].join(", ")}, and no later step takes it to another database`,
            instead:
              "restore beside it and switch over in later stages (a switch to a standby names what it leaves, as `drained`), or leave the fence out",
          },
        ];
  });
};

/** Uses what another step made, or switches away from what is fenced by its name. */
function leadsAway({ step, spec, input }: PlacedStep, steps: PlacedStep[], fenced: Set<string>): boolean {
  if (spec.effect === "backs-up" || spec.effect === "creates" || spec.effect === "fences") return false;
  if (spec.effect === "switches" && stringsIn(input).some((text) => fenced.has(text))) return true;
  return expressionsIn(step.with).some(({ source }) =>
    referencesOf(source).some(
      ([variable, id]) =>
        variable === "steps" && steps.some((made) => made.step.id === id && made.spec.effect === "creates"),
    ),
  );
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
