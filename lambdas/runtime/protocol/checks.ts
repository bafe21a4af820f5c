import type { RunContext } from "./run.ts";

/** Sent to a check's function. */
export interface CheckEvent {
  verb: "measure";
  run: RunContext;
  check: { id: string; kind: string };
  input: unknown;
}

/** Worst first; a stage takes the worst of its checks, and no checks at all is `inconclusive`. */
export const VERDICTS = ["failed", "error", "inconclusive", "passed"] as const;

export type Verdict = (typeof VERDICTS)[number];

/** Answer of a check. */
export interface Measurement {
  check: string;
  verdict: Verdict;
  /** What was measured, e.g. `"0.4 %"`; absent when nothing was. */
  value?: string;
  /** What it had to be, e.g. `"< 1 %"`. */
  limit: string;
  /** Lines a person can follow: request, answer, query, period. Never a secret. */
  evidence: string[];
  /** When it was measured. */
  at: string;
}

/** How far the stability watch is. */
export interface WatchRecord {
  /** Rounds measured so far, of `of`. */
  round: number;
  of: number;
  passed: number;
  inconclusive: number;
  /** Seconds between two rounds. */
  everySeconds: number;
}

/** Sent to `compare`: after a stage, whether the service's metric got worse than it was before the first change. */
export interface CompareEvent {
  run: RunContext;
  worse: {
    metric: {
      namespace: string;
      name: string;
      statistic: string;
      periodSeconds: number;
      dimensions?: Record<string, string>;
    };
    overSeconds: number;
    /** Percent of the value before; beyond it, it got worse. */
    percent: number;
    /** Least difference that counts, in the metric's own unit. */
    by: number;
    /** Which way is worse. */
    direction: "up" | "down";
  };
  /** Null: it is measured for the first time, or was not measurable then. */
  before: number | null;
}

/** Answer of `compare`. */
export interface CompareAnswer {
  /** Mean of the newest whole periods; null without data. */
  value: number | null;
  worse: boolean;
  note: string;
}
