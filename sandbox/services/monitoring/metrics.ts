import type { Dimension, MetricDatum, StandardUnit } from "@aws-sdk/client-cloudwatch";
import { stateOf, type World } from "../../world.ts";

/** What came for one moment of one metric in one unit: single values, sets of statistics, or both. */
export interface Bucket {
  /** Start of the minute, or of the second for a metric stored at high resolution; epoch milliseconds. */
  at: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Each value with how often it came. A statistic set has none, so no percentile is known of it. */
  values: Map<number, number>;
}

/** One metric: a namespace, a name, dimensions. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Dimension[];
  /** Oldest first, for each unit it was reported in. */
  units: Map<StandardUnit, Bucket[]>;
  /** Newest report, sandbox time. ListMetrics forgets a metric two weeks after it. */
  reportedAt: number;
  /** Whether the newest report was to be stored by the second. */
  highResolution: boolean;
}

const SECOND = 1_000;
const MINUTE = 60_000;

const metrics = stateOf(() => new Map<string, Metric>());

const keyOf = (namespace: string, name: string, dimensions: Dimension[]) =>
  JSON.stringify([namespace, name, dimensions.map(({ Name, Value }) => [Name, Value]).toSorted()]);

/** All metrics that have data. */
export const allMetrics = (world: World): Metric[] => [...metrics(world).values()];

/** The metric with exactly these dimensions, in any order. */
export const metricNamed = (
  world: World,
  namespace: string,
  name: string,
  dimensions: Dimension[] = [],
): Metric | undefined => metrics(world).get(keyOf(namespace, name, dimensions));

/** Adds what one datum says to its minute (its second at high resolution). */
export function addDatum(world: World, namespace: string, datum: MetricDatum): void {
  const dimensions = datum.Dimensions ?? [];
  const key = keyOf(namespace, datum.MetricName!, dimensions);
  let metric = metrics(world).get(key);
  if (!metric) {
    metric = {
      namespace,
      name: datum.MetricName!,
      dimensions,
      units: new Map(),
      reportedAt: 0,
      highResolution: false,
    };
    metrics(world).set(key, metric);
  }
  metric.reportedAt = world.clock.now();
  metric.highResolution = datum.StorageResolution === 1;
  const unit = datum.Unit ?? "None";
  const buckets = metric.units.get(unit) ?? [];
  metric.units.set(unit, buckets);
  const width = datum.StorageResolution === 1 ? SECOND : MINUTE;
  const time = datum.Timestamp?.getTime() ?? world.clock.now();
  merge(bucketAt(buckets, Math.floor(time / width) * width), datum);
}

/** Reports nearly always come in order, so the place is looked for from the end. */
function bucketAt(buckets: Bucket[], at: number): Bucket {
  let index = buckets.length;
  while (index > 0 && buckets[index - 1]!.at > at) index -= 1;
  const found = buckets[index - 1];
  if (found?.at === at) return found;
  const made = {
    at,
    count: 0,
    sum: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    values: new Map(),
  };
  buckets.splice(index, 0, made);
  return made;
}

function merge(bucket: Bucket, datum: MetricDatum): void {
  const set = datum.StatisticValues;
  if (set) {
    bucket.count += set.SampleCount!;
    bucket.sum += set.Sum!;
    bucket.min = Math.min(bucket.min, set.Minimum!);
    bucket.max = Math.max(bucket.max, set.Maximum!);
    // A set of equal values is as good as the values themselves.
    if (set.Minimum === set.Maximum) count(bucket, set.Minimum!, set.SampleCount!);
    return;
  }
  const values = datum.Values?.length ? datum.Values : datum.Value === undefined ? [] : [datum.Value];
  for (const [index, value] of values.entries()) {
    const times = datum.Values?.length ? (datum.Counts?.[index] ?? 1) : 1;
    bucket.count += times;
    bucket.sum += value * times;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
    count(bucket, value, times);
  }
}

const count = ({ values }: Bucket, value: number, times: number) =>
  values.set(value, (values.get(value) ?? 0) + times);

/** A metric of the sandbox's own services, stored as AWS's own metrics are: one value a minute. */
export function putMetric(
  world: World,
  namespace: string,
  name: string,
  value: number,
  dimensions: Record<string, string> = {},
  unit?: StandardUnit,
): void {
  addDatum(world, namespace, {
    MetricName: name,
    Value: value,
    Unit: unit,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  });
}
