import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { Bucket, Metric } from "./metrics.ts";
import { statisticNamed } from "./statistics.ts";

/** One period's worth of a metric. */
export interface Datapoint {
  /** Start of the period, epoch milliseconds. */
  at: number;
  value: number;
  sampleCount: number;
}

/** Which data of a metric is wanted. */
export interface Selection {
  /** `Average`, `p99`, `TM(10%:90%)` … */
  statistic: string;
  /** Seconds. */
  period: number;
  unit?: StandardUnit | undefined;
  /** Start of the first period; the periods are counted from here. Epoch milliseconds. */
  from: number;
  /** The first moment after the last period. */
  to: number;
}

/**
 * Datapoints in [from, to), one for each period that has data, oldest first. Without a unit, only one of several
 * units is answered from: CloudWatch converts nothing and takes the first of its own list.
 */
export function datapoints(metric: Metric | undefined, selection: Selection): Datapoint[] {
  const unit = selection.unit ?? unitsOf(metric)[0];
  const buckets = unit === undefined ? undefined : metric?.units.get(unit);
  if (!buckets) return [];
  const statistic = statisticNamed(selection.statistic);
  return [...periodsOf(buckets, selection)].flatMap(([at, inside]) => {
    const value = statistic(inside);
    const sampleCount = inside.reduce((sum, { count }) => sum + count, 0);
    return value === undefined || sampleCount === 0 ? [] : [{ at, value, sampleCount }];
  });
}

/** The buckets of each period that has any, oldest first. */
export function periodsOf(
  buckets: Bucket[],
  { from, to, period }: Pick<Selection, "from" | "to" | "period">,
): Map<number, Bucket[]> {
  const width = period * 1000;
  const periods = new Map<number, Bucket[]>();
  for (const bucket of buckets) {
    if (bucket.at < from || bucket.at >= to) continue;
    const at = from + Math.floor((bucket.at - from) / width) * width;
    const known = periods.get(at);
    if (known) known.push(bucket);
    else periods.set(at, [bucket]);
  }
  return periods;
}

/** In the order in which CloudWatch prefers them, found by asking it for metrics with several. */
const UNITS: StandardUnit[] = [
  "Megabits",
  "Terabits",
  "Gigabits",
  "Count",
  "Bytes",
  "Gigabytes",
  "Gigabytes/Second",
  "Kilobytes",
  "Kilobits/Second",
  "Terabytes",
  "Terabits/Second",
  "Bytes/Second",
  "Percent",
  "Megabytes",
  "Megabits/Second",
  "Milliseconds",
  "Microseconds",
  "Kilobytes/Second",
  "Gigabits/Second",
  "Megabytes/Second",
  "Bits",
  "Bits/Second",
  "Count/Second",
  "Seconds",
  "Kilobits",
  "Terabytes/Second",
  "None",
];

/** The units a metric was reported in, the preferred one first. */
export const unitsOf = (metric: Metric | undefined): StandardUnit[] =>
  metric
    ? [...metric.units.keys()].toSorted((left, right) => UNITS.indexOf(left) - UNITS.indexOf(right))
    : [];
