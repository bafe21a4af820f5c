import { rampSteps } from "../redeploy.ts";
import type { Rule } from "./rule.ts";

/**
 * A step of the ramp is held on what users see, and more than once: a hold that is over before its first round, or that
 * asks nothing of the service, says nothing.
 */
export const redeployMeasures: Rule = (plan, { checks: kinds }) => {
  const able = Object.values(kinds).filter((spec) => spec.measuresUsers);
  return rampSteps(plan).flatMap(({ index, name, checks, holdSeconds, everySeconds, legSeconds }) => {
    const path = ["redeploy", "steps", index];
    const own = plan.redeploy!.steps[index]!;
    return [
      ...(everySeconds > Math.min(holdSeconds, legSeconds)
        ? [
            {
              path: own.every ? [...path, "every"] : [...path, "hold"],
              reason: `"${name}" is over, or told about, before its first round of checks`,
              instead: "measure more often, or hold it longer",
            },
          ]
        : []),
      ...(own.checks && able.length > 0 && !checks.some(({ check }) => kinds[check]?.measuresUsers)
        ? [
            {
              path: [...path, "checks"],
              reason: `no check of "${name}" measures what users of the service see`,
              instead: `add one of: ${able.map(({ kind }) => kind).join(", ")}`,
            },
          ]
        : []),
    ];
  });
};
