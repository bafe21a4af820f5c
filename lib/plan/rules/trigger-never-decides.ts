import { seconds } from "../duration.ts";
import type { Trigger } from "../schema.ts";
import { comparison } from "../threshold.ts";
import { isComposite, isMetric, type MetricTrigger } from "../trigger-kind.ts";
import type { Rule } from "./rule.ts";

/**
 * The first trigger that holds decides. One behind another that holds whenever it does decides nothing, ever: `all` of
 * triggers one of which comes first, or a higher threshold of the same metric behind a lower one.
 */
export const triggerNeverDecides: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) => {
    const before = plan.triggers.slice(0, index).find((earlier) => covers(earlier, trigger));
    return before
      ? [
          {
            path: ["triggers", index, "id"],
            reason: `"${trigger.id}" never decides anything: whenever it holds, "${before.id}" before it holds too, and the first one decides`,
            instead: `put "${trigger.id}" before "${before.id}"`,
          },
        ]
      : [];
  });

/** Whether `earlier` holds whenever `later` does. */
function covers(earlier: Trigger, later: Trigger): boolean {
  if (isComposite(later))
    return isComposite(earlier)
      ? earlier.all.every((id) => later.all.includes(id))
      : later.all.includes(earlier.id);
  return isMetric(earlier) && isMetric(later) && sameSeries(earlier, later) && wider(earlier, later);
}

const sameSeries = (left: MetricTrigger, right: MetricTrigger): boolean =>
  series(left) === series(right) && seconds(left.for) <= seconds(right.for);

/** What two alarms must have in common so that their numbers can be compared. */
function series({ metric, minimum, percentOf, missing, threshold, baseline }: MetricTrigger): string {
  const { dimensions = {}, ...rest } = metric;
  return JSON.stringify([
    rest,
    Object.entries(dimensions).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    minimum ?? null,
    percentOf ?? null,
    missing,
    threshold.replace(/^[<>=]+\s*-?[\d.]+/, ""),
    baseline ?? null,
  ]);
}

/** Whether every value that crosses the later threshold crosses the earlier one. */
function wider(earlier: MetricTrigger, later: MetricTrigger): boolean {
  const outer = comparison(earlier.threshold);
  const inner = comparison(later.threshold);
  if (outer.operator[0] !== inner.operator[0]) return false;
  if (outer.value === inner.value) return outer.operator.length >= inner.operator.length;
  return outer.operator[0] === ">" ? outer.value < inner.value : outer.value > inner.value;
}
