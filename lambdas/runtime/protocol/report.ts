import type { Effect, Resource } from "../spec.ts";
import type { ApprovalAnswer } from "./approval.ts";
import type { Measurement, WatchRecord } from "./checks.ts";
import type { Change, Decision, Ending, Failure, RunContext, TimelineEntry } from "./run.ts";
import type { RevertRecord } from "./steps.ts";

/** Sent to `recall`, by a run that takes an ended one back. */
export interface RecallEvent {
  run: RunContext;
  /** The plan's content hash now. */
  plan: string;
  /** The plan names approvers, so one of them must agree. */
  approve: boolean;
}

/** Answer of `recall`: what the ended run changed, ready to be reverted. */
export interface RecallAnswer {
  changes: Record<string, Change>;
  summaries: Record<string, Pick<Change, "summary" | "evidence">>;
  steps: Record<string, Record<string, unknown>>;
  decision: Decision;
}

/** What the plan knows of a step, for the report. */
export interface StepFacts {
  /** Name of its stage, as the timeline has it. */
  stage: string;
  effect: Effect;
  touches: Resource[];
}

/** A metric that triggers look at, with each threshold on it. */
export interface WatchedMetric {
  namespace: string;
  name: string;
  statistic: string;
  periodSeconds: number;
  dimensions: Record<string, string>;
  /** Shown is percent of this one. */
  percentOf?: Pick<WatchedMetric, "namespace" | "name" | "statistic" | "dimensions">;
  /** `text` as the plan has it; `value` is absent where it is relative to a baseline. */
  thresholds: { criterion: string; text: string; value?: number; decision: string }[];
}

/** Something people do after a run, and by when. */
export interface FollowUp {
  what: string;
  /** From the end of the run. */
  withinSeconds: number;
}

/** Sent to `report`. */
export interface ReportEvent {
  run: RunContext;
  outcome: "succeeded" | "failed";
  ending: Ending;
  /** Step id → what the plan knows of it. */
  stepFacts: Record<string, StepFacts>;
  metrics: WatchedMetric[];
  followUps: FollowUp[];
  decision: Decision | null;
  changes: Record<string, Change>;
  /** Step id → outputs; of a failed run also those that were only expected. */
  steps: Record<string, Record<string, unknown>>;
  /** Every measurement of stage checks and verification, in order. */
  measurements: Measurement[];
  /** The newest round. */
  checks: Measurement[];
  watch: WatchRecord | null;
  timeline: TimelineEntry[];
  failure: Failure | null;
  reverts: RevertRecord[];
  /** The plan's own objectives in seconds; absent where it states none. */
  objectives: { detect?: number; decide?: number; restore?: number; cutover?: number; verified?: number };
  /** Who approved, where a person was asked. */
  approval?: ApprovalAnswer | null;
}

/** Answer of `report`: where it was written. */
export interface ReportAnswer {
  bucket: string;
  key: string;
  url?: string;
}
