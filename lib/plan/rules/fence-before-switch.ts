import { type Rule, stepsOf } from "./rule.ts";

/**
 * A restored database may take writes only after the old one refuses them (invariant 7): a stage that switches
 * to something restored from an instance needs a fence of that instance in an earlier stage.
 */
export const fenceBeforeSwitch: Rule = (plan, registries) => {
  const steps = stepsOf(plan, registries);
  const fences = steps.filter(({ spec }) => spec.effect === "fences");
  return steps.flatMap(({ step, spec, stage, path }) => {
    if (spec.effect !== "creates") return [];
    const switched = steps.find((other) => other.spec.effect === "switches" && other.stage > stage && JSON.stringify(other.step.with).includes(`$steps.${step.id}.`));
    if (!switched) return [];
    const source = String((step.with as { instance?: unknown }).instance ?? "");
    const fenced = fences.some((each) => each.stage < switched.stage && each.spec.touches(each.step.with as never).some(({ id }) => id === source));
    return fenced
      ? []
      : [{ path, reason: `"${switched.step.id}" switches to what "${step.id}" restores while ${source} still takes writes`, instead: `fence ${source} in an earlier stage` }];
  });
};
