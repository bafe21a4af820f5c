import { expressionsIn, referencesOf } from "../expressions.ts";
import { type Rule, stepsOf } from "./rule.ts";

/**
 * Whatever a step switches to must have passed a check of its own stage before (invariant 6): a step that uses an
 * output of an earlier step needs a check that uses an output of the same step.
 */
export const switchTargetUnchecked: Rule = (plan, registries) =>
  stepsOf(plan, registries).flatMap(({ step, spec, stage, path }) => {
    if (spec.effect !== "switches") return [];
    const used = new Set(stepIds(step.with));
    const proved = new Set(
      plan.stages
        .slice(0, stage)
        .flatMap((earlier) => earlier.checks.flatMap((check) => stepIds(check.with))),
    );
    return [...used]
      .filter((id) => !proved.has(id))
      .map((id) => ({
        path: [...path, "with"],
        reason: `"${step.id}" switches to what "${id}" made, and no check looks at that first`,
        instead: `add a check that uses $steps.${id} to an earlier stage`,
      }));
  });

function stepIds(value: unknown): string[] {
  return expressionsIn(value).flatMap(({ source }) =>
    referencesOf(source).flatMap(([variable, id]) => (variable === "steps" && id !== undefined ? [id] : [])),
  );
}
