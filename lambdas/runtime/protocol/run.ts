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
  /**
   * Nothing but a practice: holds no lock, makes throw-away copies under names of its own and touches nothing that is
   * live. Only kinds whose spec says how they are practised apply with it.
   */
  practice?: true;
  /** Of a ramp: the version that it brings out again. */
  redeploys?: string;
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
  /** Id of the ramp that took this step of it back: its version is bad, and what was out before the step still is out. */
  takenBackBy?: string;
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
  /** The newest moment that could be brought back, and when it was looked up: the recovery point. */
  recoverable?: { until: string; seenAt: string };
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

/** One entry of the run's timeline: when a part of the workflow began. */
export interface TimelineEntry {
  at: string;
  state: string;
}

/**
 * How a run that was to act ended. `rolled back`: changed, verified, watched. `reverted`: everything it had done is
 * undone. `held`: what it had done stands, for a person. `refused`: nothing was changed. `needs a person`: a step could
 * not be undone, or what came back is not well. `taken back`: the run undid an earlier rollback, and that was verified.
 */
export type Ending = "rolled back" | "reverted" | "held" | "refused" | "needs a person" | "taken back";
