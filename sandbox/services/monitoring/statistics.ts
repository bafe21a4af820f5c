import { ServiceException } from "../../service.ts";
import type { Bucket } from "./metrics.ts";

/** A statistic over everything that came in one period; undefined where it is not known. */
export type Statistic = (buckets: Bucket[]) => number | undefined;

const total = (buckets: Bucket[], of: (bucket: Bucket) => number) =>
  buckets.reduce((sum, bucket) => sum + of(bucket), 0);
const countOf = (buckets: Bucket[]) => total(buckets, ({ count }) => count);

const SIMPLE: Record<string, Statistic> = {
  SampleCount: countOf,
  Sum: (buckets) => total(buckets, ({ sum }) => sum),
  Average: (buckets) => total(buckets, ({ sum }) => sum) / countOf(buckets),
  Minimum: (buckets) => Math.min(...buckets.map(({ min }) => min)),
  Maximum: (buckets) => Math.max(...buckets.map(({ max }) => max)),
  IQM: (buckets) => trimmed(buckets, 0.25, 0.75, "mean"),
};

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const PERCENTILE = new RegExp(`^p(${NUMBER})$`);
const TRIMMED = new RegExp(`^(tm|tc|ts|wm)(${NUMBER})$`);
const RANGE = new RegExp(`^(TM|TC|TS|WM|PR)\\((${NUMBER})?(%?):(${NUMBER})?(%?)\\)$`);
const KINDS = { tm: "mean", tc: "count", ts: "sum", wm: "winsorized" } as const;

/**
 * A statistic by CloudWatch's name for it
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html).
 * Throws for a name that is none.
 */
export function statisticNamed(name: string): Statistic {
  const simple = SIMPLE[name];
  if (simple) return simple;
  const percentile = PERCENTILE.exec(name);
  if (percentile && Number(percentile[1]) <= 100)
    return (buckets) => percentileOf(sorted(buckets), Number(percentile[1]) / 100);
  const upTo = TRIMMED.exec(name);
  if (upTo && Number(upTo[2]) <= 100)
    return (buckets) => trimmed(buckets, 0, Number(upTo[2]) / 100, KINDS[upTo[1] as "tm"]);
  const range = RANGE.exec(name);
  if (range) return overRange(range);
  throw new ServiceException(
    "InvalidParameterValueException",
    `The value ${name} for parameter Stat is not supported.`,
  );
}

function overRange([, kind, from, fromShare, to, toShare]: RegExpExecArray): Statistic {
  const shares = fromShare === "%" || toShare === "%";
  if (kind === "PR")
    return (buckets) => {
      const all = sorted(buckets);
      const count = sizeOf(all);
      const [low, high] = [Number(from ?? Number.NEGATIVE_INFINITY), Number(to ?? Number.POSITIVE_INFINITY)];
      return count === 0
        ? undefined
        : (sizeOf(all.filter(([value]) => value > low && value <= high)) / count) * 100;
    };
  const how = KINDS[kind!.toLowerCase() as "tm"];
  if (shares) return (buckets) => trimmed(buckets, Number(from ?? 0) / 100, Number(to ?? 100) / 100, how);
  const [low, high] = [Number(from ?? Number.NEGATIVE_INFINITY), Number(to ?? Number.POSITIVE_INFINITY)];
  return (buckets) =>
    summary(
      sorted(buckets).filter(([value]) => value > low && value <= high),
      how,
    );
}

type Counted = [value: number, times: number][];

const sizeOf = (values: Counted) => values.reduce((sum, [, times]) => sum + times, 0);

/** All single values of a period, smallest first. */
function sorted(buckets: Bucket[]): Counted {
  const values = new Map<number, number>();
  for (const bucket of buckets)
    for (const [value, times] of bucket.values) values.set(value, (values.get(value) ?? 0) + times);
  return [...values].toSorted(([left], [right]) => left - right);
}

/** Linear between the two values around the place, as CloudWatch interpolates. */
function percentileOf(values: Counted, share: number): number | undefined {
  const size = sizeOf(values);
  if (size === 0) return undefined;
  const place = share * (size - 1);
  const at = (index: number) => {
    let seen = 0;
    for (const [value, times] of values) {
      seen += times;
      if (index < seen) return value;
    }
    return values.at(-1)![0];
  };
  const [low, high] = [at(Math.floor(place)), at(Math.ceil(place))];
  return low + (high - low) * (place - Math.floor(place));
}

type How = "mean" | "count" | "sum" | "winsorized";

function trimmed(buckets: Bucket[], from: number, to: number, how: How): number | undefined {
  const all = sorted(buckets);
  const size = sizeOf(all);
  const [low, high] = [Math.floor(from * size), Math.max(Math.ceil(to * size), 1)];
  const kept: Counted = [];
  let seen = 0;
  for (const [value, times] of all) {
    const inside = Math.min(seen + times, high) - Math.max(seen, low);
    if (inside > 0) kept.push([value, inside]);
    seen += times;
  }
  if (how !== "winsorized" || kept.length === 0) return summary(kept, how);
  const outside = low * kept[0]![0] + (size - high) * kept.at(-1)![0];
  return (summary(kept, "sum")! + outside) / size;
}

function summary(values: Counted, how: How): number | undefined {
  const size = sizeOf(values);
  if (how === "count") return size;
  if (size === 0) return undefined;
  const sum = values.reduce((each, [value, times]) => each + value * times, 0);
  return how === "sum" ? sum : sum / size;
}
