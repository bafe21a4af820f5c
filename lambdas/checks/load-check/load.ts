import type * as z from "zod";
import type { loadCheck } from "./spec.ts";

/** One request of the load. `milliseconds` of an error say how long it took to fail. */
export interface Outcome {
  milliseconds: number;
  /** What was wrong; undefined when the answer was right. */
  error?: string;
}

/** What a load did. Times are those of the right answers, in milliseconds; undefined without one. */
export interface Figures {
  requests: number;
  errors: number;
  errorPercent: number;
  mean: number | undefined;
  p50: number | undefined;
  p95: number | undefined;
  p99: number | undefined;
}

/** The value that a share of all values does not exceed (nearest rank). `sorted` is ascending. Pure. */
export const percentile = (sorted: number[], percent: number): number | undefined =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];

/** A fast refusal is no fast answer: errors are counted, and their times are left out. Pure. */
export function figuresOf(outcomes: Outcome[]): Figures {
  const times = outcomes
    .filter(({ error }) => error === undefined)
    .map(({ milliseconds }) => milliseconds)
    .toSorted((left, right) => left - right);
  const errors = outcomes.length - times.length;
  return {
    requests: outcomes.length,
    errors,
    errorPercent: outcomes.length === 0 ? 0 : (100 * errors) / outcomes.length,
    mean: times.length === 0 ? undefined : times.reduce((sum, each) => sum + each, 0) / times.length,
    p50: percentile(times, 50),
    p95: percentile(times, 95),
    p99: percentile(times, 99),
  };
}

type Limits = Pick<
  z.output<typeof loadCheck.input>,
  "maxErrorPercent" | "maxMeanMilliseconds" | "maxP95Milliseconds" | "maxP99Milliseconds"
>;

/** Every limit with what it was; a time that could not be measured keeps no limit. Pure. */
export function misses(limits: Limits, figures: Figures): string[] {
  const found: string[] = [];
  if (figures.errorPercent > limits.maxErrorPercent)
    found.push(`${rounded(figures.errorPercent)} % errors, more than ${limits.maxErrorPercent}`);
  const times = [
    ["mean", figures.mean, limits.maxMeanMilliseconds],
    ["p95", figures.p95, limits.maxP95Milliseconds],
    ["p99", figures.p99, limits.maxP99Milliseconds],
  ] as const;
  for (const [name, value, limit] of times)
    if (limit !== undefined && !(value !== undefined && value <= limit))
      found.push(
        `${name} ${value === undefined ? "of no right answer" : `${rounded(value)} ms`}, more than ${limit} ms`,
      );
  return found;
}

export const rounded = (value: number | undefined) =>
  value === undefined ? "-" : String(Math.round(value * 10) / 10);
