import type { Dimension, MetricDatum } from "@aws-sdk/client-cloudwatch";
import { stateOf, type World } from "../../world.ts";

/** Samples that arrived together: single values, or a set that only its statistics are known of. */
interface Sample {
  at: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Values with how often each came; undefined for a statistic set. */
  values: [number, number][] | undefined;
}

/** One metric: a namespace, a name, dimensions. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Dimension[];
  samples: Sample[];
  unit: string | undefined;
}

/** One period's worth of a metric. */
export interface Datapoint {
  /** Start of the period, epoch milliseconds. */
  at: number;
  value: number;
  sampleCount: number;
}

const metrics = stateOf(() => new Map<string, Metric>());

const key = (namespace: string, name: string, dimensions: Dimension[]) =>
  JSON.stringify([namespace, name, dimensions.map(({ Name, Value }) => `${Name}=${Value}`).toSorted()]);

/** All metrics that have data. */
export const allMetrics = (world: World): Metric[] => [...metrics(world).values()];

export function addDatum(world: World, namespace: string, datum: MetricDatum): void {
  const dimensions = datum.Dimensions ?? [];
  const name = datum.MetricName!;
  const id = key(namespace, name, dimensions);
  let metric = metrics(world).get(id);
  if (!metric) {
    metric = { namespace, name, dimensions, samples: [], unit: undefined };
    metrics(world).set(id, metric);
  }
  metric.unit ??= datum.Unit;
  metric.samples.push({ at: datum.Timestamp?.getTime() ?? world.clock.now(), ...statistics(datum) });
}

function statistics(datum: MetricDatum): Omit<Sample, "at"> {
  const set = datum.StatisticValues;
  if (set) return { count: set.SampleCount!, sum: set.Sum!, min: set.Minimum!, max: set.Maximum!, values: undefined };
  const given = datum.Values ?? [datum.Value!];
  const values = given.map((value, index): [number, number] => [value, datum.Counts?.[index] ?? 1]);
  return {
    count: values.reduce((total, [, count]) => total + count, 0),
    sum: values.reduce((total, [value, count]) => total + value * count, 0),
    min: Math.min(...given),
    max: Math.max(...given),
    values,
  };
}

/** A metric of the sandbox's own services. */
export function putMetric(world: World, namespace: string, name: string, value: number, dimensions: Record<string, string> = {}, unit?: MetricDatum["Unit"]): void {
  addDatum(world, namespace, { MetricName: name, Value: value, Unit: unit, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) });
}

/** Datapoints of a metric in [from, to), one for each period that has data, oldest first. `period` in seconds. */
export function datapoints(
  world: World,
  wanted: { namespace: string; name: string; dimensions: Dimension[] },
  statistic: string,
  period: number,
  from: number,
  to: number,
): Datapoint[] {
  const metric = metrics(world).get(key(wanted.namespace, wanted.name, wanted.dimensions));
  const width = period * 1000;
  const periods = new Map<number, Sample[]>();
  for (const sample of metric?.samples ?? []) {
    if (sample.at < from || sample.at >= to) continue;
    const at = Math.floor(sample.at / width) * width;
    const list = periods.get(at);
    if (list) list.push(sample);
    else periods.set(at, [sample]);
  }
  return [...periods]
    .toSorted(([left], [right]) => left - right)
    .flatMap(([at, samples]) => {
      const value = aggregate(samples, statistic);
      return value === undefined ? [] : [{ at, value, sampleCount: samples.reduce((total, { count }) => total + count, 0) }];
    });
}

function aggregate(samples: Sample[], statistic: string): number | undefined {
  const count = samples.reduce((total, sample) => total + sample.count, 0);
  const sum = samples.reduce((total, sample) => total + sample.sum, 0);
  switch (statistic) {
    case "Sum":
      return sum;
    case "SampleCount":
      return count;
    case "Minimum":
      return Math.min(...samples.map(({ min }) => min));
    case "Maximum":
      return Math.max(...samples.map(({ max }) => max));
    case "Average":
      return count === 0 ? undefined : sum / count;
    default:
      return percentile(samples, Number(statistic.slice(1)) / 100);
  }
}

/** Nearest rank over the values; nothing for statistic sets, of which no percentile is known. */
function percentile(samples: Sample[], share: number): number | undefined {
  const values = samples.flatMap((sample) => sample.values ?? []).toSorted(([left], [right]) => left - right);
  const total = values.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [value, count] of values) {
    seen += count;
    if (seen >= share * total) return value;
  }
  return undefined;
}
