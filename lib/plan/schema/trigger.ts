import { z } from "zod";
import { Duration, Id, Span, Threshold } from "./values.ts";

/** A CloudWatch metric as an alarm or a query names it. */
export const Metric = z.strictObject({
  namespace: z.string().min(1).describe("CloudWatch namespace, e.g. AWS/ApplicationELB"),
  name: z.string().min(1).describe("metric name"),
  statistic: z
    .string()
    .regex(
      /^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/,
      "Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95",
    )
    .describe("Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95"),
  period: Span.default("1m").describe("length of one data point; 10s, 30s or whole minutes"),
  dimensions: z.record(z.string(), z.string()).optional().describe("the metric's dimensions, all of them"),
});

/** Rates of a handful of requests mean nothing: with fewer, a period counts as having no data. */
const Minimum = z.strictObject({
  metric: Metric.omit({ period: true }).describe("metric that counts, e.g. RequestCount with Sum"),
  count: z.number().positive().describe("fewer than this in a period, and the period has no data"),
});

/** What is normal: the average of the metric over a window in the past, and how far it usually is from it. */
export const Baseline = z.strictObject({
  window: Span.default("24h").describe("length of the reference window; 15 days at most"),
  lag: Duration.default("1h").describe(
    "how long ago the window ends, so that an incident is not its own reference",
  ),
});

/** An event on the account's default bus. */
const BusEvent = z.strictObject({
  source: z.array(z.string().min(1)).min(1).describe("sources, e.g. [aws.ecs]"),
  detailType: z
    .array(z.string().min(1))
    .min(1)
    .describe('detail types, e.g. ["ECS Deployment State Change"]'),
  detail: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("pattern of the detail, as EventBridge rules have it"),
});

/** What starts a run: a metric, other triggers at the same time, or an event. */
export const Trigger = z.strictObject({
  id: Id,
  metric: Metric.optional().describe(
    "the CloudWatch metric that an alarm is made on; with `threshold` and `for`",
  ),
  threshold: Threshold.optional(),
  for: Span.optional().describe(
    "how long the threshold must be crossed, without a gap, before anything happens",
  ),
  baseline: Baseline.optional().describe("what a threshold that names the baseline is compared with"),
  minimum: Minimum.optional().describe("how many requests a rate needs to mean anything"),
  percentOf: Metric.omit({ period: true })
    .optional()
    .describe(
      "the threshold is percent of this metric, e.g. of RequestCount with Sum; a period in which only this one has data is 0 %",
    ),
  all: z
    .array(Id)
    .min(2)
    .optional()
    .describe("instead of a metric: other triggers that must hold at the same time"),
  event: BusEvent.optional().describe("instead of a metric: an event that is evidence by itself"),
  missing: z
    .enum(["breaching", "notBreaching", "ignore", "missing"])
    .default("missing")
    .describe("what a period without data counts as; `breaching` for metrics that are always reported"),
  decision: z
    .enum(["rollback", "approve", "notify", "ignore"])
    .describe(
      "rollback: act at once; approve: show the resolved changes and let a person start; notify: tell people; ignore: record",
    ),
  level: z
    .string()
    .min(1)
    .max(40)
    .default("full")
    .describe("which stages run: those without `levels` and those that name this one"),
  severity: z
    .enum(["SEV-1", "SEV-2", "SEV-3", "SEV-4"])
    .optional()
    .describe("how bad it is, for mails and reports; SEV-1 and SEV-2 do not wait for a hotfix"),
  withoutDeployment: z
    .enum(["notify", "act"])
    .default("notify")
    .describe(
      "when no deployment explains it: tell a person, or act all the same (a vulnerability needs no release)",
    ),
  runbook: z.string().optional().describe("row of the runbook this comes from, e.g. R1"),
});

export type Trigger = z.output<typeof Trigger>;
