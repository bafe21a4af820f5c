import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import type { Context } from "../../runtime/context.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { metricCheck } from "./spec.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));
const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 };
const seconds = (duration: string) => Number.parseInt(duration, 10) * UNITS[duration.at(-1)!]!;

/** Every value must fit; none at all, or too few samples, is inconclusive and never good news. Pure. */
export function judge(
  values: number[],
  samples: number,
  expect: string,
  minimumSamples: number,
): Pick<Measurement, "verdict" | "value"> {
  if (values.length === 0 || samples < minimumSamples) return { verdict: "inconclusive" };
  const [, operator = "<", limitText = "0"] = /^(>=|<=|>|<)\s*(.*)$/.exec(expect) ?? [];
  const limit = Number(limitText);
  const fits = (value: number) =>
    operator === ">"
      ? value > limit
      : operator === ">="
        ? value >= limit
        : operator === "<"
          ? value < limit
          : value <= limit;
  const worst = values.toSorted((left, right) =>
    operator.startsWith("<") ? right - left : left - right,
  )[0]!;
  return { verdict: values.every(fits) ? "passed" : "failed", value: String(Math.round(worst * 100) / 100) };
}

export async function measure(
  input: z.output<typeof metricCheck.input>,
  { now }: Context,
): Promise<Omit<Measurement, "check" | "at">> {
  const { metric, expect, over, minimumSamples } = input;
  const period = seconds(metric.period);
  // Whole periods only: the one under way would be judged on a part of its samples.
  const end = Math.floor(now() / (period * 1000)) * period * 1000;
  const start = end - Math.max(seconds(over), period) * 1000;
  const Metric = {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
  };
  const { MetricDataResults = [] } = await cloudwatch().send(
    new GetMetricDataCommand({
      StartTime: new Date(start),
      EndTime: new Date(end),
      MetricDataQueries: [
        { Id: "value", MetricStat: { Metric, Period: period, Stat: metric.statistic } },
        { Id: "samples", MetricStat: { Metric, Period: period, Stat: "SampleCount" } },
      ],
    }),
  );
  const of = (id: string) => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
  const samples = of("samples").reduce((total, each) => total + each, 0);
  return {
    ...judge(of("value"), samples, expect, minimumSamples),
    limit: expect,
    evidence: [
      `${metric.namespace} ${metric.name} ${metric.statistic}, ${new Date(start).toISOString()} to ${new Date(end).toISOString()}: ${
        of("value")
          .map((value) => Math.round(value * 100) / 100)
          .join(", ") || "no data"
      } (${samples} samples)`,
    ],
  };
}

export const handler = serveCheck(metricCheck, measure);
