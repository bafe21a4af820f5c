import type { Rule } from "./rule.ts";

/** A comparison after a stage that is not there would never be made, and nobody would miss it. */
export const worseNamesStages: Rule = (plan) =>
  (plan.worse?.after ?? []).flatMap((name, index) =>
    plan.stages.some((stage) => stage.name === name)
      ? []
      : [
          {
            path: ["worse", "after", index],
            reason: `there is no stage "${name}"`,
            instead: `write one of ${plan.stages.map((stage) => `"${stage.name}"`).join(", ")}`,
          },
        ],
  );
