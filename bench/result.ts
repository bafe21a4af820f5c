/** One comparison of two things measured side by side in one run. */
export interface BenchResult {
  name: string;
  /** Ours and theirs, in `unit`: medians over interleaved repetitions. */
  a: number;
  b: number;
  /** `a / b` where less is better, so named that `holds` is `ratio <= bar`, or `>= bar` for rates. */
  ratio: number;
  bar: number;
  holds: boolean;
  unit?: string;
  /** What else a reader should know, e.g. the size of the WAL. */
  note?: string;
}

/** The median of at least one number. */
export function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
