import * as z from "zod";
import { allow, defineCheck } from "../../runtime/spec.ts";

const Duration = z.string().regex(/^\d+(s|m|h)$/, 'a duration such as "2m"');

const Metric = z.strictObject({
  namespace: z.string().min(1).describe("CloudWatch namespace"),
  name: z.string().min(1).describe("metric name"),
  statistic: z
    .string()
    .min(1)
    .describe("Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p95"),
  dimensions: z.record(z.string(), z.string()).optional().describe("the metric's dimensions, all of them"),
});

/** R15, O10: a metric of the last minutes against a limit. Nothing measured is inconclusive. */
export const metricCheck = defineCheck({
  kind: "metric-check",
  summary: "Compare the newest values of a CloudWatch metric with a limit",
  input: z.strictObject({
    metric: Metric.extend({
      period: Duration.default("1m").describe("length of one data point"),
    }).describe("the CloudWatch metric"),
    percentOf: Metric.optional().describe(
      "`expect` is percent of this metric, e.g. of RequestCount with Sum; a period in which only this one has data is 0 %",
    ),
    expect: z
      .string()
      .regex(/^(>=|<=|>|<)\s*-?\d+(\.\d+)?$/, 'a comparison and a number, for example "< 1"')
      .describe("what every value must be"),
    over: Duration.default("2m").describe("every whole period of this time must fit"),
    minimumSamples: z
      .int()
      .min(1)
      .default(1)
      .describe("fewer samples than this in the time, of `percentOf` where it is given, are inconclusive"),
  }),
  timeoutSeconds: 20,
  // CloudWatch knows no resources for reading metrics.
  permissions: () => [allow("cloudwatch:GetMetricData", "*")],
  measuresUsers: true,
  clients: ["@aws-sdk/client-cloudwatch"],
  runbooks: ["R15", "O10", "H4"],
  docs: ["https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html"],
});
