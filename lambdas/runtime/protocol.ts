import type { PlanMoment, Tell } from "./notices.ts";
import type { Effect, Resource } from "./spec.ts";

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
  /** A dry run that an alarm began, because the plan only observes. */
  observed?: boolean;
  /** Who or what asked, in words. */
  reason: string;
  trigger:
    | { type: "alarm"; criterion: string; alarmName: string; alarmArn: string; since: string; reason: string }
    | { type: "event"; criterion: string; source: string; detailType: string; at: string; reason?: string }
    | {
        type: "manual";
        by: string;
        level?: string;
        /** ARN of who started it, where the command line said so. */
        identity?: string;
      };
  /** The newest deployment recorded before the trigger, if any. */
  deployment?: Deployment;
  /** The version to go back to: the last whose watch completed and that was never rolled back from (invariant 10). */
  lastGood?: { version: string; deployedAt: string };
  /** Id of the ended run that this one takes back. */
  undoes?: string;
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
  /** Somebody or something saw it through its watch, before `stableAfter` had passed. */
  stable?: boolean;
  /** Id of the run that rolled back from it. */
  rolledBackBy?: string;
}

/** What `decide` found: which rule, on which evidence, and what follows. Replaying `inputs` gives the same decision. */
export interface Decision {
  /** `unknown`: what the alarm says could not be judged. Nothing is restored, and a person is called. */
  decision: "rollback" | "approve" | "notify" | "ignore" | "unknown";
  level: string;
  /** Id of the trigger in the plan that decided. */
  rule: string;
  /** In words, for the mail and the report. */
  because: string;
  inputs: Record<string, unknown>;
  /** Of `approve` inside the hotfix window: seconds after which the rollback begins unless a person stopped it. */
  hotfixSeconds?: number;
  /** Of `approve`: silence is no answer, whatever the plan's default at the deadline. */
  mustBeSaid?: true;
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
  /** What the change leaves behind and keeps, with how to find it: "the secret's version 4f…, as AWSPREVIOUS". */
  keeps?: string[];
  /** Data written after this moment is not in what the change brings back: the beginning of the data-loss window. */
  losesFrom?: string;
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
  /**
   * Of a poll: the next thing to do is a change, so the engine calls the changing verb once more instead of polling on.
   * At most `timing.phases - 1` times; poll itself may not write.
   */
  again?: boolean;
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

/** Error and cause as Step Functions had them. A function's own error has its JSON (`errorMessage`, `errorType`) as cause. */
export interface Failure {
  error: string;
  /** Cut at 4,000 characters, so it may be JSON that no longer parses. */
  cause: string;
  /** Name of the state that failed. */
  state: string;
  at: string;
}

/** What became of undoing one step. */
export interface RevertRecord {
  step: string;
  reverted: boolean;
  /** What the action said last, or why it could not. */
  note: string;
}

/** What came of asking for an approval. `held`: nothing is changed, and a person is needed. */
export interface ApprovalAnswer {
  outcome: "approved" | "rejected" | "held";
  /** E-mail address, IAM identity, or the plan's own default. */
  by: string;
  /** `deadline`: nobody answered in time, and the plan's default was followed. */
  via: "page" | "command line" | "deadline" | "freeze";
  at: string;
  /** In words, for mails and the report. */
  because: string;
}

/** What follows when nobody has answered by the deadline, and why. */
export interface AtDeadline {
  action: "rollback" | "hold";
  because: string;
}

/** What those who are asked, and those who are told, see of an approval. */
export interface Asking {
  approvers: string[];
  /** ISO 8601. */
  expiresAt: string;
  /** By level. */
  atDeadline: Record<string, AtDeadline>;
  /** Steps that set data aside. */
  dataSteps: string[];
  /** When all goes well, from the approval. */
  expected: { changeSeconds: number; watchSeconds: number };
}

/** Sent to `approval` by the state that waits; its answer is not the task's: the task is woken through `token`. */
export interface AskEvent {
  verb: "ask";
  run: RunContext;
  decision: Decision;
  changes: Record<string, Change>;
  asking: Asking;
  /** The task's token; it stays in the account. */
  token: string;
}

/** Sent to `approval` after the wait, however it ended; answered with an {@link ApprovalAnswer} out of the table. */
export interface SettleEvent {
  verb: "settle";
  run: RunContext;
  decision: Decision;
  changes: Record<string, Change>;
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

/** One entry of the run's timeline: when a part of the workflow began. */
export interface TimelineEntry {
  at: string;
  state: string;
}

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

/** One criterion of the plan, as `decide` needs it; in the plan's order, the first that holds decides. */
export interface Criterion {
  id: string;
  /** Name of the CloudWatch alarm that stands for it; an event has none. */
  alarm?: string;
  /** In the plan's words: `> 10`, `error-rate and crash-loop`, `event "Rollback Requested"`. */
  threshold: string;
  forSeconds: number;
  periodSeconds: number;
  missing: "breaching" | "notBreaching" | "ignore" | "missing";
  decision: Exclude<Decision["decision"], "unknown">;
  level: string;
  severity?: string;
  /** It acts although no deployment explains it. */
  actsWithoutDeployment?: boolean;
}

/** Sent to `decide`, which answers with a {@link Decision}. */
export interface DecideEvent {
  run: RunContext;
  plan: {
    service: string;
    criteria: Criterion[];
    deploymentWindowSeconds: number;
    /** Levels at which the data goes back too, so that a deployment with a migration is undone whole. */
    migrationSafeLevels: string[];
    /** Seconds a fix may take first; absent where the plan gives none. */
    hotfixSeconds?: number;
    levels: string[];
  };
}

export type Moment =
  | "started"
  | "progress"
  | "succeeded"
  | "failed"
  | "dry-run"
  | "notified"
  | "approval"
  | "rejected"
  | "held"
  | "refused"
  | "verified"
  | "escalated";

/** Which of the plan's moments one of the workflow's is. */
export const MOMENT_OF: Record<Moment, PlanMoment> = {
  started: "start",
  progress: "progress",
  verified: "progress",
  succeeded: "complete",
  failed: "failed",
  approval: "approval",
  escalated: "escalated",
  "dry-run": "notice",
  notified: "notice",
  rejected: "notice",
  held: "notice",
  refused: "notice",
};

/** Sent to `announce`. What the run does not have yet is null or empty. */
export interface AnnounceEvent {
  moment: Moment;
  /** Who is told of this moment, and how; engineers by mail when it is absent. */
  tell?: Tell;
  /** Only with `escalated`. */
  escalation?: Escalation;
  run: RunContext;
  /** Why nobody was admitted; only with `refused`. */
  admission: { outcome: AdmitOutcome; reason: string } | null;
  decision: Decision | null;
  /** Step id → what it will do or did. */
  changes: Record<string, Pick<Change, "summary" | "evidence">>;
  /** The newest measurement of each check of the last verification or watch round. */
  checks: Measurement[];
  watch: WatchRecord | null;
  failure: Failure | null;
  reverts: RevertRecord[];
  report: ReportAnswer | null;
  /** Only with `approval`, where the plan names approvers. */
  asking?: Asking;
  /** Who approved, where a person was asked. */
  approval?: ApprovalAnswer | null;
  /** Only at the end of a run. */
  ending?: Ending;
}

/** Answer of `announce`. A failed publish is answered with `sent: false`, never thrown. */
export interface AnnounceAnswer {
  /** False: nobody could be told in any way. */
  sent: boolean;
  note?: string;
  /** What could not be reached, and why. */
  failed?: string[];
}

/** Why the escalation ladder was called. */
export type EscalationCause = "failed" | "worse" | "exhausted" | "not-restored" | "criterion";

/** Where the ladder stands. */
export interface Escalation {
  cause: EscalationCause;
  /** Name of the ladder's own execution. */
  ladder: string;
  /** When the ladder was called, and how long after that this rung is due, seconds. */
  calledAt: string;
  afterSeconds: number;
  /** Counts from 1; repeats of the last rung count on. */
  rung: number;
  of: number;
  /** Until the next rung is due, seconds. */
  nextSeconds: number;
  /** True: nobody is called after this. */
  last: boolean;
}

/** Sent to `escalate` by the ladder. `look`: is a person needed at all? `rung`: and if so, announce this rung. */
export interface EscalateEvent extends AnnounceEvent {
  verb: "look" | "rung";
  moment: "escalated";
  escalation: Escalation;
}

/** Answer of `escalate`. */
export interface EscalateAnswer extends AnnounceAnswer {
  /** True: the ladder ends here, because somebody acknowledged, the service is restored, or another ladder climbs. */
  over: boolean;
  note: string;
}

/** Input of the escalation ladder's execution. */
export interface LadderInput
  extends Pick<
    AnnounceEvent,
    "run" | "decision" | "changes" | "checks" | "watch" | "failure" | "reverts" | "report"
  > {
  cause: EscalationCause;
}

/**
 * How a run that was to act ended. `rolled back`: changed, verified, watched. `reverted`: everything it had done is
 * undone. `held`: what it had done stands, for a person. `refused`: nothing was changed. `needs a person`: a step could
 * not be undone, or what came back is not well. `taken back`: the run undid an earlier rollback, and that was verified.
 */
export type Ending = "rolled back" | "reverted" | "held" | "refused" | "needs a person" | "taken back";

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
