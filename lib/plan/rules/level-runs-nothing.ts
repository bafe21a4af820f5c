import { runsAt } from "../criteria.ts";
import type { Rule } from "./rule.ts";

/** A trigger whose level no stage runs at would verify and watch, change nothing, and call that a rollback. */
export const levelRunsNothing: Rule = (plan) =>
  plan.triggers.flatMap(({ id, decision, level }, index) => {
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
  });
