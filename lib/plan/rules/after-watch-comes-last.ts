import { rollbackStages } from "../recovery.ts";
import type { Rule } from "./rule.ts";

/** What changes data is proved before and watched after; nothing would prove it once the watch is over. */
const DATA = new Set(["fences", "overwrites"]);

/** Stages that wait for a good watch come last, are not the whole plan, and touch neither data nor each other's watch. */
export const afterWatchComesLast: Rule = (plan, { actions }) => {
  const first = rollbackStages(plan);
  const late = plan.stages.map((stage, index) => ({ stage, index })).slice(first);
  const early = late.filter(({ stage }) => stage.after === undefined);
  if (first === 0)
    return [
      {
        path: ["stages", 0, "after"],
        reason: "every stage waits for the watch, so there is no rollback that could be watched",
        instead: "take `after` from the stages that roll back",
      },
    ];
  return [
    ...early.map(({ stage, index }) => ({
      path: ["stages", index, "name"],
      reason: `"${stage.name}" rolls back, and stands behind "${plan.stages[first]!.name}", which waits for the watch`,
      instead: "put the stages with `after: watch` last",
    })),
    ...late.flatMap(({ stage, index }) =>
      stage.steps.flatMap((step, number) => [
        ...(DATA.has(actions[step.action]?.effect ?? "")
          ? [
              {
                path: ["stages", index, "steps", number, "action"],
                reason: `${step.id} changes data once the watch is over, and nothing verifies it any more`,
                instead: "put it into a stage without `after`",
              },
            ]
          : []),
        ...(step.until
          ? [
              {
                path: ["stages", index, "steps", number, "until"],
                reason: `${step.id} begins when the watch is over, and would be undone when it is over`,
                instead: "take `until` away, or `after` from its stage",
              },
            ]
          : []),
      ]),
    ),
    ...late
      .filter(({ stage }) => plan.worse?.after.includes(stage.name))
      .map(({ stage }) => ({
        path: ["worse", "after"],
        reason: `"${stage.name}" runs when the service is well again, and is not undone when it gets worse`,
        instead: "name stages that roll back",
      })),
  ];
};
