import type { Rule } from "./rule.ts";

/**
 * A trigger that rolls back says what silence means. `ignore` would keep an alarm in its last state for ever, so a
 * service that stopped reporting could never be seen to recover or fail.
 */
export const rollbackTriggerMissingData: Rule = (plan) =>
  plan.triggers.flatMap(({ decision, missing }, index) =>
    decision === "rollback" && missing === "ignore"
      ? [
          {
            path: ["triggers", index, "missing"],
            reason: "with `ignore` a silent service stays in its last state for ever",
            instead:
              "write breaching for a metric that is always reported, notBreaching for a counter of errors",
          },
        ]
      : [],
  );
