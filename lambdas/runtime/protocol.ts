/**
 * What passes between the state machine and the functions: the one place both sides take it from.
 * All instants are ISO 8601 UTC strings, all durations seconds. Nothing secret is in any of it.
 */

/** What started the run and what is known about it; built by `admit`, constant for the whole run. */
export interface RunContext {
  /** Also the execution's name. */
  id: string;
  service: string;
  startedAt: string;
  /** Generation of the service's lock; `apply` with an older one than the table holds is refused (invariant 9). */
  generation: number;
  dryRun: boolean;
  /** Who or what asked, in words. */
  reason: string;
  trigger:
    | { type: "alarm"; criterion: string; alarmName: string; alarmArn: string; since: string; reason: string }
    | { type: "event"; criterion: string; source: string; detailType: string; at: string }
    | { type: "manual"; by: string; level?: string };
  /** The newest deployment recorded before the trigger, if any. */
  deployment?: Deployment;
  /** The plan's content hash: an approval or a redrive of another plan is void. */
  plan: string;
}

/** One recorded deployment (EventBridge detail-type `Deployment`). */
export interface Deployment {
  version: string;
  previousVersion?: string;
  /** When it began to change production. */
  startedAt: string;
  migration?: boolean;
}

/** What `decide` found: which rule, on which evidence, and what follows. Replaying `inputs` gives the same decision. */
export interface Decision {
  decision: "rollback" | "approve" | "notify" | "ignore";
  level: string;
  /** Id of the trigger in the plan that decided. */
  rule: string;
  /** In words, for the mail and the report. */
  because: string;
  inputs: Record<string, unknown>;
}

/** A resolved change: exact ids, known before anything is touched. */
export interface Change {
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  /** One line for people: what will be different, from → to. */
  summary: string;
  /** Lines that show how `after` was derived: the deployment event, the restore window, the expected loss. */
  evidence?: string[];
  /** Outputs as far as they can be told in advance; later steps' preflights see them as `$steps.<id>`. */
  expects?: Record<string, unknown>;
}

interface StepEvent {
  run: RunContext;
  step: { id: string; kind: string; stage: string };
  /** The step's `with:`, expressions evaluated by Step Functions. */
  input: unknown;
}

/** Sent to an action's function. */
export type ActionEvent =
  | (StepEvent & { verb: "preflight" })
  | (StepEvent & { verb: "apply"; change: Change })
  | (StepEvent & { verb: "revert"; change: Change })
  /** `phase` says which of the two is being waited for; `progress` is what the last answer carried. */
  | (StepEvent & { verb: "poll"; phase: "apply" | "revert"; change: Change; progress?: unknown });

/** Answer of preflight. */
export interface PreflightAnswer {
  change: Change;
}

/** Answer of apply, revert and poll. */
export interface ProgressAnswer {
  done: boolean;
  /** What is going on, for the console and the live view: "llm-research-db-r-1a2b is backing-up". */
  note: string;
  /** When done. */
  outputs?: Record<string, unknown>;
  /** Handed back to the next poll. */
  progress?: unknown;
}

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
