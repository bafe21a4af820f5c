import type { Sample } from "./series.ts";

/** The samples of a window, which begins and ends at these epoch milliseconds. */
export interface Window {
  samples: Sample[];
  start: number;
  end: number;
}

/** How far beyond the first and the last sample is looked, in mean distances between two of them. */
const REACH = 1.1;

/** What a counter grew by from its first to its last sample, and what it had reached each time it began anew. */
function growth(samples: Sample[]): number {
  let grown = samples.at(-1)![1] - samples[0]![1];
  for (let index = 1; index < samples.length; index += 1) {
    const before = samples[index - 1]![1];
    if (samples[index]![1] < before) grown += before;
  }
  return grown;
}

/**
 * How much a counter grew in a window, as Prometheus extrapolates it: to the window's edges where samples come close
 * to them, else by half a distance; and never to before the counter was nothing. Undefined with fewer than two samples.
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#increase
 */
function increase({ samples, start, end }: Window): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (samples.length < 2 || !first || !last) return undefined;
  const grown = growth(samples);
  const covered = last[0] - first[0];
  const distance = covered / (samples.length - 1);
  let before = first[0] - start;
  const after = end - last[0];
  if (grown > 0 && first[1] >= 0) before = Math.min(before, covered * (first[1] / grown));
  const reached = (gap: number) => (gap < distance * REACH ? gap : distance / 2);
  return (grown * (covered + reached(before) + reached(after))) / covered;
}

const values = ({ samples }: Window) => samples.map(([, value]) => value);
export const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);

/** NaN is neither the largest nor the smallest of several. */
export const extreme = (numbers: number[], pick: (...of: number[]) => number): number => {
  const known = numbers.filter((each) => !Number.isNaN(each));
  return known.length === 0 ? Number.NaN : pick(...known);
};

/** Functions of a window; undefined: the window says nothing. An empty one is never asked. */
export const WINDOWED: Record<string, (window: Window) => number | undefined> = {
  increase,
  rate: (window) => {
    const grown = increase(window);
    return grown === undefined ? undefined : grown / ((window.end - window.start) / 1000);
  },
  irate: ({ samples }) => {
    const [before, last] = samples.slice(-2);
    if (!before || !last) return undefined;
    const grown = last[1] < before[1] ? last[1] : last[1] - before[1];
    return grown / ((last[0] - before[0]) / 1000);
  },
  sum_over_time: (window) => sum(values(window)),
  count_over_time: ({ samples }) => samples.length,
  avg_over_time: (window) => sum(values(window)) / window.samples.length,
  min_over_time: (window) => extreme(values(window), Math.min),
  max_over_time: (window) => extreme(values(window), Math.max),
  last_over_time: ({ samples }) => samples.at(-1)?.[1],
};

/** What an aggregation makes of the values of one group. */
export const AGGREGATES: Record<string, (numbers: number[]) => number> = {
  sum,
  avg: (numbers) => sum(numbers) / numbers.length,
  min: (numbers) => extreme(numbers, Math.min),
  max: (numbers) => extreme(numbers, Math.max),
  count: ({ length }) => length,
};

/** Between two numbers; the second group compares. */
export const ARITHMETIC: Record<string, (left: number, right: number) => number> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};
export const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};
