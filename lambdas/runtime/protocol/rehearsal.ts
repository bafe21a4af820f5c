import type { AdmitEvent } from "./admission.ts";
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
  /** The execution's input, unchecked: of a person it may name a version that is to go out again. */
  input?: unknown;
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
  /** As the change has them, see `Change`. */
  losesFrom?: string;
  keeps?: string[];
  problem?: { error: string; cause: string };
  /** It is a change of the plan's ramp, and no step of the rollback. */
  ramp?: boolean;
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
  /** It is the ramp's alone. */
  ramp?: boolean;
  /** Further steps and checks that need the very same: a definition holds it once. */
  alike?: string[];
}

/** Sent to `preflight` after the last step. */
export interface RehearsalJudgeEvent {
  verb: "judge";
  run: RunContext;
  assumed: string[];
  steps: RehearsedStep[];
  expected: ExpectedPermission[];
  /** Of a plan with a ramp. */
  redeploy?: {
    budget: AdmitEvent["budget"];
    observe: boolean;
    /** The version that a person asked about; empty when none was named. */
    version: string;
    /** Names of its steps that change nothing, as those of the others are in `steps`. */
    unchanged: string[];
  };
}

/** An action that a step's role needs, on one resource, and what IAM says of it. */
export interface PlannedCall {
  as: ExpectedPermission["as"];
  action: string;
  resource: string;
  allowed: boolean;
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
  /** In the order in which the step's kind declares them. */
  calls: PlannedCall[];
  /** Data written after this moment is not in what the step brings back. */
  losesFrom?: string;
  /** What stays as it is, and where. */
  keeps?: string[];
  problems: string[];
}

/** How long earlier rollbacks took; `medianSeconds` is null before the first one. */
export interface PastTime {
  runs: number;
  medianSeconds: number | null;
}

/** Sent to `preflight` by a run that changes nothing, with every change resolved: what would it have called? */
export interface PlanCallsEvent {
  verb: "calls";
  run: RunContext;
  /** Ids of the steps that were resolved, in the plan's order. */
  steps: string[];
  /** What would come back with them is older than this, where a step says so. */
  loses: { step: string; from: string; keeps: string[] }[];
  expected: ExpectedPermission[];
  seconds: { best: number; worst: number };
  usd: { best: number; worst: number };
}

/** Answer to it: what a dry run's mail shows beside the changes. */
export interface PlannedRun extends Pick<PlanCallsEvent, "loses" | "seconds" | "usd"> {
  /** In the order in which the steps would make them. */
  steps: { step: string; calls: PlannedCall[] }[];
  past: PastTime;
  /** Why it is not known what IAM says; empty when it was asked. */
  unknown: string;
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
  past: PastTime;
  steps: PreflightRow[];
  /** Of a plan with a ramp; `executable` says nothing of it. */
  redeploy?: RampPreflight;
}

/** Whether a ramp could be carried out, and whether one would be let in now. */
export interface RampPreflight {
  /** Every change resolves and every role may do its part. */
  executable: boolean;
  steps: PreflightRow[];
  /** Why a ramp would not be let in now: lock, freeze, budget, another ramp, the version; empty when it would be. */
  refused: string;
  lock: string;
  freeze: string;
  budget: string;
  /** What is known of the version that was asked about; empty when none was. */
  version: string;
  /** Versions that go out again only under another name or with `--fixed`. */
  knownBad: string[];
}
