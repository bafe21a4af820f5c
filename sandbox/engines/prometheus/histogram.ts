interface Bucket {
  /** Upper bound. */
  le: number;
  /** Observations up to it, those of the smaller ones too. */
  count: number;
}

/**
 * A quantile of a classic histogram, as Prometheus estimates it: linear within the bucket that holds it; in the open
 * last bucket, the bound before it.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function bucketQuantile(quantile: number, given: Bucket[]): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const buckets = merged(given);
  const last = buckets.at(-1);
  const beforeLast = buckets.at(-2);
  if (!last || !beforeLast || last.le !== Number.POSITIVE_INFINITY || !(last.count > 0)) return Number.NaN;
  const rank = quantile * last.count;
  const at = buckets.findIndex(({ count }, index) => index === buckets.length - 1 || count >= rank);
  const bucket = buckets[at]!;
  if (bucket === last) return beforeLast.le;
  if (at === 0 && bucket.le <= 0) return bucket.le;
  const below = at === 0 ? { le: 0, count: 0 } : buckets[at - 1]!;
  return below.le + ((bucket.le - below.le) * (rank - below.count)) / (bucket.count - below.count);
}

/** By bound; equal ones are one, and none counts less than those below it: scrapes are not taken at one moment. */
function merged(given: Bucket[]): Bucket[] {
  const buckets: Bucket[] = [];
  for (const { le, count } of given.toSorted((a, b) => a.le - b.le)) {
    const before = buckets.at(-1);
    if (before?.le === le) before.count += count;
    else buckets.push({ le, count });
  }
  let most = Number.NEGATIVE_INFINITY;
  for (const bucket of buckets) {
    most = Math.max(most, bucket.count);
    bucket.count = most;
  }
  return buckets;
}
