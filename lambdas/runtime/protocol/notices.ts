import type { PlanMoment, Tell } from "../notices.ts";
import type { AdmitOutcome } from "./admission.ts";
import type { ApprovalAnswer, Asking } from "./approval.ts";
import type { Measurement, WatchRecord } from "./checks.ts";
import type { RampNotice } from "./redeploy.ts";
import type { PlannedRun } from "./rehearsal.ts";
import type { ReportAnswer } from "./report.ts";
import type { Change, Decision, Ending, Failure, RunContext } from "./run.ts";
import type { RevertRecord } from "./steps.ts";

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
  | "escalated"
  | "redeploy";

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
  redeploy: "redeploy",
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
  /** Only with `redeploy`. */
  ramp?: RampNotice;
  /** Only at the end of a run. */
  ending?: Ending;
  /** Only with `dry-run`: what it would have called. */
  planned?: PlannedRun | null;
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
export type EscalationCause =
  | "failed"
  | "worse"
  | "exhausted"
  | "not-restored"
  | "criterion"
  | "cut-short"
  | "redeploy";

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
