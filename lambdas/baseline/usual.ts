/** What a metric usually is: its mean and, where asked, the standard deviation of its points. */
export interface Usual {
  mean: number;
  /** Above zero; absent when nothing varied. */
  deviation?: number;
}

/** Below this share of the mean a deviation is what adding fractions leaves, and not the metric's. */
const ROUNDING = 1e-9;

/** What points say is usual; undefined when there are none. Pure. */
export function usualOf(points: number[], withDeviation: boolean): Usual | undefined {
  if (points.length === 0) return undefined;
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const mean = average(points);
  const deviation = Math.sqrt(average(points.map((point) => (point - mean) ** 2)));
  return withDeviation && deviation > ROUNDING * Math.abs(mean) ? { mean, deviation } : { mean };
}
