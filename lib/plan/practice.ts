import type { ThrowAway } from "../../lambdas/runtime/protocol.ts";
import { expressionsIn, referencesOf } from "./expressions.ts";
import type { Registries } from "./registries.ts";
import type { Check, Plan, Stage } from "./schema.ts";

export { PRACTICE_TAG } from "../../lambdas/runtime/names.ts";

/** What of a plan is practised. */
export interface Practised {
  /** Steps whose kind can be practised, in the plan's order, each stage with the checks that look at their copies. */
  stages: Stage[];
  /** The throw-aways that these steps make. */
  made: ThrowAway[];
}

/**
 * The plan's restoring steps with the checks that judge what they make; nothing that switches, fences or overwrites is
 * in it. A step that needs what another step makes is practised only if that one is. Pure.
 */
export function practisedOf(plan: Plan, registries: Registries): Practised {
  const known = new Set<string>();
  const made: ThrowAway[] = [];
  const stages: Stage[] = [];
  for (const stage of plan.stages) {
    const steps = stage.steps.filter(({ action, with: input }) => {
      const used = stepsIn(input);
      return registries.actions[action]?.practice !== undefined && used.every((id) => known.has(id));
    });
    if (steps.length === 0) continue;
    for (const { id, action, with: input } of steps) {
      known.add(id);
      made.push({ step: id, ...registries.actions[action]!.practice!.makes(input as never) });
    }
    stages.push({ name: stage.name, steps, checks: [] });
  }
  for (const check of everyCheck(plan)) {
    if (!judgesOnly(check, known, registries)) continue;
    const used = new Set(stepsIn(check.with));
    // Where the last of the steps that it looks at has run.
    const at = stages.findLast(({ steps }) => steps.some(({ id }) => used.has(id)))!;
    if (stages.every(({ checks }) => checks.every(({ id }) => id !== check.id))) at.checks.push(check);
  }
  return { stages, made };
}

const everyCheck = (plan: Plan): Check[] => [
  ...plan.stages.flatMap(({ checks }) => checks),
  ...plan.verify,
  ...plan.watch.checks,
];

/** Whether all that a check says something about is what practised steps make: never the live thing. */
function judgesOnly(check: Check, practised: Set<string>, { checks }: Registries): boolean {
  const used = stepsIn(check.with);
  if (used.length === 0 || !used.every((id) => practised.has(id))) return false;
  try {
    const proved = checks[check.check]?.proves?.(check.with as never) ?? [];
    return proved.length > 0 && proved.every(({ id }) => stepsIn(id).length > 0);
  } catch {
    // What it is about cannot be told before it runs, so it is not taken to be a copy.
    return false;
  }
}

/** Steps whose outputs a value uses. */
function stepsIn(value: unknown): string[] {
  return expressionsIn(value).flatMap(({ source }) =>
    referencesOf(source).flatMap(([variable, id]) => (variable === "steps" && id !== undefined ? [id] : [])),
  );
}
