import { revertibleWith } from "../registries.ts";
import { type Rule, stepsOf } from "./rule.ts";

/** A step that cannot be undone needs a person's word: every trigger that reaches it must decide `approve`. */
export const unrevertibleNeedsApproval: Rule = (plan, registries) =>
  stepsOf(plan, registries).flatMap(({ step, spec, input, stage, path }) => {
    if (revertibleWith(spec, input)) return [];
    const levels = plan.stages[stage]!.levels;
    const unasked = plan.triggers.find(
      ({ decision, level }) => decision === "rollback" && (!levels || levels.includes(level)),
    );
    return unasked
      ? [
          {
            path,
            reason: `"${step.id}" cannot be undone, and trigger "${unasked.id}" reaches it without asking anyone`,
            instead: `let "${unasked.id}" decide approve`,
          },
        ]
      : [];
  });
