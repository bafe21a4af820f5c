import { seconds } from "../duration.ts";
import type { Rule } from "./rule.ts";

/**
 * A trigger that acts must hold for two periods or more: one sample, or a blip of 43 seconds, starts nothing
 * (invariant 3; GitHub, 21 October 2018). `for` must be whole periods, as CloudWatch counts them.
 */
export const triggerWindow: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) => {
    const window = seconds(trigger.for);
    const period = seconds(trigger.metric.period);
    const path = ["triggers", index, "for"];
    if (window % period !== 0) return [{ path, reason: `${trigger.for} is not a whole number of periods of ${trigger.metric.period}`, instead: "write a multiple of the period" }];
    const acts = trigger.decision === "rollback" || trigger.decision === "approve";
    return acts && window < 2 * period
      ? [{ path, reason: "one sample would start a rollback", instead: `write at least two periods, for example "${(2 * period) / 60}m"` }]
      : [];
  });
