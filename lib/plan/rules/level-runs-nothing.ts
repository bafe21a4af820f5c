import { runsAt } from "../criteria.ts";
import type { Rule } from "./rule.ts";

/** A level to climb to that nothing runs at would be a wait and nothing else. */
const emptyRungs: Rule = (plan) =>
  (plan.levels ?? []).flatMap(({ name }, index) =>
    plan.stages.some(({ levels }) => levels?.includes(name))
      ? []
      : [
          {
            path: ["levels", index, "name"],
            reason: `no stage names level "${name}", so that nothing is done there that was not done before`,
            instead: `write \`levels: [${name}]\` on the stages that it is for, or leave the level out`,
          },
        ],
  );

/** A trigger whose level no stage runs at would verify and watch, change nothing, and call that a rollback. */
export const levelRunsNothing: Rule = (plan, registries) => [
  ...emptyRungs(plan, registries),
  ...plan.triggers.flatMap(({ id, decision, level }, index) => {
    const acts = decision === "rollback" || decision === "approve";
    if (!acts || plan.stages.some((stage) => runsAt(stage, level))) return [];
    const known = [...new Set(plan.stages.flatMap((stage) => stage.levels ?? []))];
    return [
      {
        path: ["triggers", index, "level"],
        reason: `trigger "${id}" asks for level "${level}", and no stage runs at it`,
        instead: `use one of: ${known.join(", ")}`,
      },
    ];
  }),
];
