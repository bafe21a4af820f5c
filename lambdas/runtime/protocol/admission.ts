import type { ReportAnswer } from "./report.ts";
import type { Ending, Failure, RunContext } from "./run.ts";

/** Sent to `admit`, the first state. */
export interface AdmitEvent {
  /** The execution's input, unchecked: what the trigger function built, or what a person typed. */
  input: unknown;
  execution: { id: string; name: string; startTime: string };
  /** The plan's content hash. */
  plan: string;
  service: string;
  budget: { attempts: number; perDay: number; minimumDelaySeconds: number; eventAgeSeconds: number };
  /** How far back the last deployment is looked for. */
  deploymentWindowSeconds: number;
  /** Which machine asks: the one that rolls back, or the one that takes a rollback back. */
  undo: boolean;
  /** The plan only observes: nothing is changed, whoever starts a run. */
  observe: boolean;
  /** Of a plan with a ramp: criteria whose runs end a ramp that is on; a run that a person starts always does. */
  overtakes?: string[];
  /** After so many seconds without a run, a deployed version counts as good. */
  stableAfterSeconds: number;
}

/** `joined`: another run of this service goes on. `frozen`, `exhausted`, `refused`: a person is told. */
export type AdmitOutcome = "admitted" | "joined" | "frozen" | "exhausted" | "refused";

/** Answer of `admit`; `run` is there whatever the outcome. */
export interface AdmitAnswer {
  admitted: boolean;
  outcome: AdmitOutcome;
  reason: string;
  run: RunContext;
}

/** Sent to `release`. `failed` keeps the lock until a person releases it. */
export interface ReleaseEvent {
  run: RunContext;
  outcome: "succeeded" | "failed" | "dry-run" | "notified" | "ignored" | "approval" | "rejected" | "held";
  failure: Failure | null;
  /** Of a run that was to act. */
  ending?: Ending;
  /** Where its report is, if it has one. */
  report?: ReportAnswer | null;
}

/** Answer of `release`. */
export interface ReleaseAnswer {
  released: boolean;
  note?: string;
}
