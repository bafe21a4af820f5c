import type { Measurement } from "./checks.ts";
import type { ReportAnswer } from "./report.ts";
import type { Change, Failure, RunContext, TimelineEntry } from "./run.ts";

/** Sent to `practice` first: may it begin, and as which run? */
export interface PracticeBeginEvent {
  verb: "begin";
  service: string;
  /** The execution's input: who or what asked. */
  input: unknown;
  execution: { name: string; startTime: string };
  /** The plan's content hash. */
  plan: string;
  /** The plan's first alarm: what a run would have been started by. */
  alarm: { criterion: string; name: string } | null;
}

/** What the practice goes on with. */
export interface PracticeBegin {
  run: RunContext;
  /** What is only assumed of it, in words. */
  assumed: string[];
  /** Why nothing is practised: a run is under way, or a freeze. Empty otherwise. */
  skipped: string;
  /** True: nothing is practised, what an earlier practice left behind is deleted. */
  cleanOnly: boolean;
}

/** What a practice can make and delete again; a cluster with its instances. */
export type ThrowAwayType = "rds-instance" | "aurora-cluster";

/** A throw-away that a step of the practice makes. Its name follows from the practice's id. */
export interface ThrowAway {
  step: string;
  type: ThrowAwayType;
  /** What it is made from, and never is itself. */
  base: string;
}

/** Sent to `practice-clean`, again and again until all is gone. */
export interface PracticeCleanEvent {
  verb: "clean";
  run: RunContext;
  made: ThrowAway[];
}

/** A throw-away that is still there. */
export interface LeftOver {
  arn: string;
  /** Why it is still there. */
  why: string;
  /** What RDS asks for it a day, USD, as far as it is known. */
  usdPerDay: number | null;
}

/** Answer of `practice-clean`. */
export interface PracticeCleanAnswer {
  /** True: nothing of the practice is there any more. */
  done: boolean;
  left: LeftOver[];
  note: string;
}

/** What a practice found, as its machine collected it. */
export interface PracticeFacts {
  run: RunContext;
  assumed: string[];
  changes: Record<string, Change>;
  steps: Record<string, Record<string, unknown>>;
  measurements: Measurement[];
  timeline: TimelineEntry[];
  failure: Failure | null;
  /** When everything was restored and had passed its checks; null when it never was. */
  restoredAt: string | null;
  /** What could not be deleted. */
  left: LeftOver[];
  /** Why cleaning up itself failed, if it did. */
  cleanFailure: Failure | null;
  /** The plan's own, seconds; absent where it states none. */
  objectives: { restore?: number; loss?: number };
}

/** Sent to `report` at the end of a practice. */
export interface PracticeReportEvent extends PracticeFacts {
  verb: "practice";
}

/** Sent to `practice` last: remembers it and tells people. */
export interface PracticeEndEvent extends PracticeFacts {
  verb: "end";
  cleanOnly: boolean;
  report: ReportAnswer | null;
}

/** How a practice ended; never a run's ending. */
export const PRACTICE_OUTCOMES = [
  "restore works",
  "restore misses its objectives",
  "restore does not work",
  "practice gave way",
  "practice not started",
  "practice cleaned up",
] as const;

export type PracticeOutcome = (typeof PRACTICE_OUTCOMES)[number];

/** Answer of `practice` at the end. */
export interface PracticeEndAnswer {
  outcome: PracticeOutcome;
  /** True: the restore works within its objectives and nothing is left behind. */
  good: boolean;
  /** The verdict in one line. */
  line: string;
  /** Seconds from the beginning to restored and checked; null when it never was. */
  restoreSeconds: number | null;
  /** Seconds of writes that would have been lost: how far the newest restorable moment lay back. */
  lossSeconds: number | null;
  left: LeftOver[];
  report: ReportAnswer | null;
}
