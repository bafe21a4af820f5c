import { seconds } from "../duration.ts";
import { type Rule, stepsOf } from "./rule.ts";

/** A step whose own deadline is longer than what the plan promises for restoring is a promise that cannot be checked. */
export const timeBudget: Rule = (plan, registries) => {
  const { restore } = plan.objectives;
  if (restore === undefined) return [];
  const objective = seconds(restore);
  return stepsOf(plan, registries).flatMap(({ step, path }) =>
    step.timeout !== undefined && seconds(step.timeout) > 4 * objective
      ? [{ path: [...path, "timeout"], reason: `${step.timeout} is more than four times the objective of ${restore}`, instead: "shorten the deadline or state an honest objective" }]
      : [],
  );
};
