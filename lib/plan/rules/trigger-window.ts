import { durationText, seconds } from "../duration.ts";
import { isMetric } from "../trigger-kind.ts";
import type { Rule } from "./rule.ts";

/** Periods shorter than a minute that CloudWatch alarms on. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const SHORT_PERIODS = [10, 20, 30];

/** Longest window an alarm of periods under an hour may look at, seconds; a week from an hour on. */
const DAY = 86_400;

/**
 * A trigger that acts must hold for two periods or more: one sample, or a blip of 43 seconds, starts nothing
 * (invariant 3; GitHub, 21 October 2018). `for` must be whole periods, as CloudWatch counts them.
 */
export const triggerWindow: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) => {
    if (!isMetric(trigger)) return [];
    const window = seconds(trigger.for);
    const period = seconds(trigger.metric.period);
    const path = ["triggers", index, "for"];
    if (period % 60 !== 0 && !SHORT_PERIODS.includes(period))
      return [
        {
          path: ["triggers", index, "metric", "period"],
          reason: `CloudWatch has no alarm on periods of ${trigger.metric.period}`,
          instead: "write 10s, 20s, 30s or whole minutes",
        },
      ];
    if (window % period !== 0)
      return [
        {
          path,
          reason: `${trigger.for} is not a whole number of periods of ${trigger.metric.period}`,
          instead: "write a multiple of the period",
        },
      ];
    if (window > (period < 3600 ? DAY : 7 * DAY))
      return [
        {
          path,
          reason: `CloudWatch looks back ${period < 3600 ? "a day" : "a week"} at most`,
          instead: "shorten the window or lengthen the metric's period",
        },
      ];
    const acts = trigger.decision === "rollback" || trigger.decision === "approve";
    return acts && window < 2 * period
      ? [
          {
            path,
            reason: `one sample would be enough for "${trigger.decision}"`,
            instead: `hold for two periods or more: ${durationText(2 * period)}`,
          },
        ]
      : [];
  });
