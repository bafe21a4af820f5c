import { PERCENT, PUBLISHED, type PublishedMetric, type PublishedNamespace } from "../aws-metrics.ts";
import { seconds } from "../duration.ts";
import { expressionIn } from "../expressions.ts";
import type { Finding } from "../problem.ts";
import type { Plan } from "../schema.ts";
import type { Rule } from "./rule.ts";

type Path = (string | number)[];

/** A metric somewhere in a plan, with what it is compared with. */
interface Used {
  path: Path;
  metric: Record<string, unknown>;
  limit?: { path: Path; text: string };
  /** Whether `limit` is percent of another metric. */
  percent?: boolean;
  /** Where silence would say nothing, although it is how the metric says that all is well. */
  silenceIsUnknown?: boolean;
  /** The path of `missing: breaching`, where a trigger says so. */
  silenceBreaches?: Path;
}

/**
 * An alarm on a metric that AWS does not publish so never rings, and a limit in the wrong unit is never crossed: CloudWatch
 * takes both without a word, and nobody notices before the incident.
 */
export const metricAsPublished: Rule = (plan) => metricsOf(plan).flatMap(judged);

function judged(used: Used): Finding[] {
  const { path, metric, limit, percent, silenceBreaches } = used;
  const space = PUBLISHED[String(metric["namespace"])];
  if (!space) return [];
  const name = String(metric["name"]);
  const known = Object.keys(space.metrics);
  const published = space.metrics[name];
  if (!published) {
    const meant = known.find((each) => each.toLowerCase() === name.toLowerCase());
    return meant
      ? [{ path: [...path, "name"], reason: `there is no metric "${name}"`, instead: `write "${meant}"` }]
      : [];
  }
  return [
    ...dimensions(path, metric, published, space),
    ...statistic(path, metric, published),
    ...period(path, metric, space),
    ...unit(name, percent ? PERCENT : published, limit),
    ...(published.counts ? silence(name, used) : []),
    ...(published.counts && !percent && silenceBreaches && limit?.text.startsWith(">")
      ? [
          {
            path: silenceBreaches,
            reason: `${name} is reported when there is one, and not at all while all is well: with \`breaching\` that is an alarm`,
            instead: 'write "notBreaching"',
          },
        ]
      : []),
  ];
}

function silence(name: string, { path, percent, silenceIsUnknown, limit }: Used): Finding[] {
  return silenceIsUnknown && !percent && limit?.text.startsWith("<")
    ? [
        {
          path: [...path, "name"],
          reason: `${name} is reported when there is one: while all is well nothing is measured, and that is inconclusive`,
          instead:
            "compare its share: add `percentOf` with the metric of all requests, and `expect` in percent",
        },
      ]
    : [];
}

function dimensions(
  path: Path,
  metric: Record<string, unknown>,
  published: PublishedMetric,
  space: PublishedNamespace,
): Finding[] {
  const given = (metric["dimensions"] ?? {}) as Record<string, unknown>;
  const missing = (published.dimensions ?? space.dimensions).filter((each) => !(each in given));
  if (missing.length > 0)
    return [
      {
        path: "dimensions" in metric && metric["dimensions"] ? [...path, "dimensions"] : [...path, "name"],
        reason: `${metric["name"]} is published with ${missing.join(" and ")}, and CloudWatch has no data without`,
        instead: `add it: dimensions: { ${missing.map((each) => `${each}: …`).join(", ")} }`,
      },
    ];
  return Object.entries(given).flatMap(([name, value]) => {
    const wanted = space.values?.[name];
    if (!wanted || typeof value !== "string" || expressionIn(value) !== undefined || wanted.form.test(value))
      return [];
    return [
      {
        path: [...path, "dimensions", name],
        reason: `${JSON.stringify(value)} is no value of ${name}, and CloudWatch has no data for it`,
        instead: `write ${wanted.says}`,
      },
    ];
  });
}

function statistic(path: Path, metric: Record<string, unknown>, published: PublishedMetric): Finding[] {
  const given = String(metric["statistic"]);
  return published.counts && given !== "Sum" && given !== "SampleCount"
    ? [
        {
          path: [...path, "statistic"],
          reason: `${given} of ${metric["name"]} is always 1: each sample counts one request`,
          instead: 'write "Sum"',
        },
      ]
    : [];
}

function period(path: Path, metric: Record<string, unknown>, space: PublishedNamespace): Finding[] {
  const given = metric["period"];
  return typeof given === "string" && seconds(given) < space.period
    ? [
        {
          path: [...path, "period"],
          reason: `${metric["namespace"]} is published once a minute: most periods of ${given} have no data`,
          instead: "write 1m or more",
        },
      ]
    : [];
}

function unit(name: string, { unit: wanted }: PublishedMetric, limit: Used["limit"]): Finding[] {
  const value = Number(/^[<>=]+\s*(-?\d+(?:\.\d+)?)$/.exec(limit?.text ?? "")?.[1]);
  return wanted && limit && value > wanted.most
    ? [
        {
          path: limit.path,
          reason: `${name} is in ${wanted.name}, and "${limit.text}" is beyond what it comes to`,
          instead: wanted.instead,
        },
      ]
    : [];
}

/** Triggers, what they need at least, what must not get worse, and what checks measure. */
function metricsOf(plan: Plan): Used[] {
  const checks = [
    ...plan.stages.flatMap((stage, index) =>
      stage.checks.map((each, number) => ({ each, path: ["stages", index, "checks", number] })),
    ),
    ...plan.verify.map((each, number) => ({ each, path: ["verify", number] })),
    ...plan.watch.checks.map((each, number) => ({ each, path: ["watch", "checks", number] })),
    ...(plan.redeploy?.steps ?? []).flatMap(({ checks: own = [] }, index) =>
      own.map((each, number) => ({ each, path: ["redeploy", "steps", index, "checks", number] })),
    ),
  ];
  return [
    ...plan.triggers.flatMap(({ metric, minimum, percentOf, threshold, missing }, index): Used[] => [
      ...(metric
        ? [
            {
              path: ["triggers", index, "metric"],
              metric,
              percent: percentOf !== undefined,
              ...(threshold ? { limit: { path: ["triggers", index, "threshold"], text: threshold } } : {}),
              ...(missing === "breaching" ? { silenceBreaches: ["triggers", index, "missing"] } : {}),
            },
          ]
        : []),
      ...(minimum ? [{ path: ["triggers", index, "minimum", "metric"], metric: minimum.metric }] : []),
      ...(percentOf ? [{ path: ["triggers", index, "percentOf"], metric: percentOf }] : []),
    ]),
    ...(plan.worse ? [{ path: ["worse", "metric"], metric: plan.worse.metric }] : []),
    ...checks.flatMap(({ each, path }): Used[] => {
      const { metric, percentOf, expect } = each.with;
      return isRecord(metric)
        ? [
            ...(isRecord(percentOf) ? [{ path: [...path, "with", "percentOf"], metric: percentOf }] : []),
            {
              path: [...path, "with", "metric"],
              metric,
              percent: percentOf !== undefined,
              silenceIsUnknown: true,
              ...(typeof expect === "string"
                ? { limit: { path: [...path, "with", "expect"], text: expect } }
                : {}),
            },
          ]
        : [];
    }),
  ];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
