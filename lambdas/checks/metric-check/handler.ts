import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
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

/** Percent of the whole, for each period that has one. Errors are not reported while there is none: that is 0 %. Pure. */
export function percents(parts: Map<number, number>, wholes: Map<number, number>): number[] {
  return [...wholes].flatMap(([at, whole]) => (whole > 0 ? [(100 * (parts.get(at) ?? 0)) / whole] : []));
}

/** Values by their period's beginning, epoch milliseconds. */
const pointsOf = ({ Timestamps = [], Values = [] }: MetricDataResult = {}): Map<number, number> =>
  new Map(Timestamps.map((at, index) => [at.getTime(), Values[index]!]));

export async function measure(
  input: z.output<typeof metricCheck.input>,
  { now }: Context,
): Promise<Omit<Measurement, "check" | "at">> {
  const { metric, percentOf, expect, over, minimumSamples } = input;
  const period = seconds(metric.period);
  // Whole periods only: the one under way would be judged on a part of its samples.
  const end = Math.floor(now() / (period * 1000)) * period * 1000;
  const start = end - Math.max(seconds(over), period) * 1000;
  const asked = (Id: string, named: NonNullable<typeof percentOf>, Stat: string) => {
    const Dimensions = Object.entries(named.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: named.namespace, MetricName: named.name, Dimensions };
    return { Id, MetricStat: { Metric, Period: period, Stat } };
  };
  const { MetricDataResults = [] } = await cloudwatch().send(
    new GetMetricDataCommand({
      StartTime: new Date(start),
      EndTime: new Date(end),
      MetricDataQueries: [
        asked("value", metric, metric.statistic),
        ...(percentOf ? [asked("whole", percentOf, percentOf.statistic)] : []),
        asked("samples", percentOf ?? metric, "SampleCount"),
      ],
    }),
  );
  const of = (id: string) => pointsOf(MetricDataResults.find(({ Id }) => Id === id));
  const samples = [...of("samples").values()].reduce((total, each) => total + each, 0);
  const values = percentOf ? percents(of("value"), of("whole")) : [...of("value").values()];
  return {
    ...judge(values, samples, expect, minimumSamples),
    limit: expect,
    evidence: [
      `${metric.namespace} ${metric.name} ${metric.statistic}${percentOf ? ` in percent of ${percentOf.name}` : ""}, ${new Date(start).toISOString()} to ${new Date(end).toISOString()}: ${
        values.map((value) => Math.round(value * 100) / 100).join(", ") || "no data"
      } (${samples} samples)`,
    ],
  };
}

export const handler = serveCheck(metricCheck, measure);
