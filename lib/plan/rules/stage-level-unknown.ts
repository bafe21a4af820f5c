import { nearest } from "../nearest.ts";
import type { Rule } from "./rule.ts";

/**
 * A stage at a level that no run comes to never runs: a mistyped level takes its steps out of every rollback, in
 * silence. A run has its trigger's level, one that the plan climbs to, or `full`, which a start by hand has.
 */
export const stageLevelUnknown: Rule = (plan) => {
  const reached = [
    ...new Set([
      ...(plan.levels ?? []).map(({ name }) => name),
      ...plan.triggers.map(({ level }) => level),
      ...(plan.levels ? [] : ["full"]),
    ]),
  ];
  return plan.stages.flatMap(({ name, levels }, index) =>
    (levels ?? []).flatMap((level, number) => {
      if (reached.includes(level)) return [];
      const near = nearest(level, reached);
      return [
        {
          path: ["stages", index, "levels", number],
          reason: `stage "${name}" runs at level "${level}", and no trigger and no level to climb to leads there`,
          instead: near ? `write "${near}"` : `use one of: ${reached.join(", ")}`,
        },
      ];
    }),
  );
};
