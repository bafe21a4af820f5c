import { durationText, seconds } from "../duration.ts";
import type { Finding } from "../problem.ts";
import { rollbackStages } from "../recovery.ts";
import { quickest } from "../timing.ts";
import { isMetric } from "../trigger-kind.ts";
import type { Rule } from "./rule.ts";

/**
 * An objective that even the quickest run misses is a promise that cannot be kept. Only what is certain is refused:
 * AWS promises no restore time, so a deadline longer than an objective is no finding.
 */
export const timeBudget: Rule = (plan, registries) => {
  const { detect, restore, cutover, verified } = plan.objectives;
  const stages = plan.stages.slice(0, rollbackStages(plan));
  const last = stages.slice(-1);
  const before = stages.slice(0, -1);
  const missed = (name: string, objective: string | undefined, least: number): Finding[] =>
    objective === undefined || least <= seconds(objective)
      ? []
      : [
          {
            path: ["objectives", name],
            reason: `the objective is ${objective}, and the quickest run takes ${durationText(least)}`,
            instead: "state an honest objective, poll more often, or bring a quicker stage first",
          },
        ];
  const acting = plan.triggers.filter(isMetric).filter(({ decision }) => decision === "rollback");
  const soonest = Math.min(...acting.map((trigger) => seconds(trigger.for)));
  return [
    // Infinity when nothing acts by itself: then there is nothing to detect in time.
    ...(acting.length > 0 ? missed("detect", detect, soonest) : []),
    ...missed("restore", restore, quickest(before.length > 0 ? before : last, registries)),
    ...missed("cutover", cutover, quickest(last, registries)),
    ...missed("verified", verified, quickest(stages, registries)),
  ];
};
