import type { WatchedMetric } from "../runtime/protocol.ts";
import type { Phases } from "./phases.ts";

/** A metric as it went, with the moments that matter. */
export interface Series {
  metric: WatchedMetric;
  /** Oldest first; a period without data has no point. */
  points: { at: number; value: number }[];
  /** Beginning of what was read, epoch milliseconds. */
  from: number;
  phases: Phases;
  /** Why there are no points. */
  problem?: string;
}

/** Figures of one phase; undefined where no period of it has data. */
export interface PhaseFigures {
  phase: "before" | "during" | "after";
  lowest: number | undefined;
  highest: number | undefined;
  last: number | undefined;
}

/** `12.345` → "12.3"; three digits are what people compare. */
export const figure = (value: number | undefined): string =>
  value === undefined ? "no data" : String(Number(value.toPrecision(3)));

/** The metric before, during and after; there is no "after" where the service did not recover. Pure. */
export function phaseFigures({ points, phases: { from, recovered } }: Series): PhaseFigures[] {
  const until = recovered ?? Number.POSITIVE_INFINITY;
  const parts = {
    before: points.filter(({ at }) => at < from),
    during: points.filter(({ at }) => at >= from && at < until),
    ...(recovered === undefined ? {} : { after: points.filter(({ at }) => at >= recovered) }),
  };
  return Object.entries(parts).map(([phase, part]) => {
    const values = part.map(({ value }) => value);
    return {
      phase: phase as PhaseFigures["phase"],
      lowest: values.length > 0 ? Math.min(...values) : undefined,
      highest: values.length > 0 ? Math.max(...values) : undefined,
      last: values.at(-1),
    };
  });
}

/** `ErrorRate (Average a minute)` */
export const metricTitle = ({ name, percentOf, statistic, periodSeconds }: WatchedMetric): string =>
  `${name}${percentOf ? ` in percent of ${percentOf.name}` : ""}, ${statistic} over ${periodSeconds === 60 ? "1 minute" : periodSeconds % 60 === 0 ? `${periodSeconds / 60} minutes` : `${periodSeconds} s`}`;
