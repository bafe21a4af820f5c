import type { RunContext } from "./run.ts";

/** Sent to `preflight`, the function around the scheduled rehearsal of a plan's preflights, before the first of them. */
export interface RehearsalBeginEvent {
  verb: "begin";
  service: string;
  execution: { name: string; startTime: string };
  /** The plan's content hash. */
  plan: string;
  deploymentWindowSeconds: number;
  /** The plan's first alarm: what a run would have been started by. */
  alarm: { criterion: string; name: string } | null;
}

/** What the rehearsal goes on with. */
export interface RehearsalBegin {
  /** A run as an incident of now would begin it; never admitted, so no step could apply with it. */
  run: RunContext;
  /** What is only assumed of it, in words. */
  assumed: string[];
  /** Why nothing is rehearsed: a run is under way. Empty otherwise. */
  skipped: string;
}

/** What became of one step's preflight. */
export interface RehearsedStep {
  step: string;
  kind: string;
  stage: string;
  summary?: string;
  evidence?: string[];
  problem?: { error: string; cause: string };
}

/** What a role of the stack must be allowed for a step or a check. */
export interface ExpectedPermission {
  /** Id of the step or check. */
  of: string;
  as: "read" | "write" | "revert" | "check";
  roleArn: string;
  actions: string[];
  resources: string[];
  conditions?: Record<string, Record<string, string | string[]>>;
}

/** Sent to `preflight` after the last step. */
export interface RehearsalJudgeEvent {
  verb: "judge";
  run: RunContext;
  assumed: string[];
  steps: RehearsedStep[];
  expected: ExpectedPermission[];
}

/** One row of `watchdog preflight`. */
export interface PreflightRow {
  id: string;
  kind: string;
  stage: string;
  /** What the step would do, from → to; absent when it could not be resolved. */
  resolvesTo?: string;
  evidence: string[];
  /** Actions that the roles allow, of those that the step needs. */
  permitted: number;
  of: number;
  problems: string[];
}

/** Answer of the rehearsal: whether the plan could be carried out now. */
export interface PreflightReport {
  service: string;
  plan: string;
  at: string;
  executable: boolean;
  /** Problems of the whole plan, not of a step. */
  problems: string[];
  assumed: string[];
  steps: PreflightRow[];
}
