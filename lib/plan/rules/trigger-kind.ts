import type { Finding } from "../problem.ts";
import type { Trigger } from "../schema.ts";
import { isBaseline } from "../threshold.ts";
import type { Rule } from "./rule.ts";

const KINDS = ["metric", "all", "event"] as const;
/** Keys that mean something on a metric only. */
const METRIC_ONLY = ["threshold", "for", "baseline", "minimum", "percentOf"] as const;

/** A trigger looks at one thing: a metric with its threshold and window, other triggers, or an event. */
export const triggerKind: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) => {
    const path = ["triggers", index];
    const kinds = KINDS.filter((kind) => trigger[kind] !== undefined);
    if (kinds.length !== 1)
      return [
        {
          path: [...path, ...(kinds[1] ? [kinds[1]] : [])],
          reason:
            kinds.length === 0
              ? `${trigger.id} looks at nothing`
              : `${trigger.id} has ${kinds.join(" and ")}`,
          instead: "give it one of metric (with threshold and for), all, event",
        },
      ];
    if (kinds[0] === "metric") return ofMetric(trigger, path);
    const stray = METRIC_ONLY.filter((key) => trigger[key] !== undefined).map((key) => ({
      path: [...path, key],
      reason: `${key} belongs to a metric, and ${trigger.id} has none`,
      instead: "leave it out",
    }));
    const known = new Set(plan.triggers.filter(({ metric }) => metric !== undefined).map(({ id }) => id));
    const unknown = (trigger.all ?? []).flatMap((id, at) =>
      known.has(id)
        ? []
        : [
            {
              path: [...path, "all", at],
              reason: `there is no trigger "${id}" on a metric`,
              instead: `write one of ${[...known].join(", ") || "the plan's metric triggers"}`,
            },
          ],
    );
    return [...stray, ...unknown];
  });

function ofMetric(trigger: Trigger, path: (string | number)[]): Finding[] {
  const findings: Finding[] = (["threshold", "for"] as const)
    .filter((key) => trigger[key] === undefined)
    .map((key) => ({
      path,
      reason: `${trigger.id} has a metric and no ${key}`,
      instead: key === "for" ? 'write for how long, e.g. for: "2m"' : 'write when, e.g. threshold: "> 10"',
    }));
  const relative = trigger.threshold !== undefined && isBaseline(trigger.threshold);
  if (trigger.baseline && !relative)
    findings.push({
      path: [...path, "baseline"],
      reason: "the threshold does not ask for a baseline",
      instead: 'write threshold: "> 150% of baseline", or leave the baseline out',
    });
  if (trigger.percentOf && relative)
    findings.push({
      path: [...path, "percentOf"],
      reason: "a baseline is that of the metric itself, and not of its share of another",
      instead: 'write a threshold in percent, for example "> 5", or leave percentOf out',
    });
  if (trigger.minimum && trigger.missing === "breaching")
    findings.push({
      path: [...path, "missing"],
      reason: "with `minimum` a quiet hour has no data, and `breaching` would take that for a failure",
      instead: "write missing or notBreaching",
    });
  return findings;
}
