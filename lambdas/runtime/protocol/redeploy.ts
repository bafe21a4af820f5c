import type { AdmitEvent } from "./admission.ts";
import type { ReportAnswer } from "./report.ts";
import type { RunContext } from "./run.ts";

export type { RampReportEvent } from "./ramp-report.ts";

/** Why a hold, or a ramp, ended before its time. */
export const RAMP_ERRORS = {
  /** A criterion of the plan fired; sent through the token of the hold. */
  fired: "CriterionFired",
  /** A rollback began, or was asked for. */
  overtaken: "Overtaken",
  /** A check of the hold did not pass. */
  failed: "ChecksNotPassed",
  /** Nothing was measured for longer than the plan tolerates. */
  inconclusive: "NothingMeasured",
  /** Another version was deployed meanwhile. */
  replaced: "Replaced",
} as const;

/**
 * How a ramp ended. `back`: one step; `failed`: it stopped where it is, for a person; `replaced`: another version was
 * deployed, and it changes nothing more; `rejected`, `held`: an approver said no, or nobody said yes in time.
 */
export type RampOutcome =
  | "redeployed"
  | "back"
  | "overtaken"
  | "replaced"
  | "frozen"
  | "failed"
  | "refused"
  | "rejected"
  | "held"
  | "dry-run";

interface RampEvent {
  run: RunContext;
}

/** Sent to `redeploy` by the first state. */
export interface RampBeginEvent {
  verb: "begin";
  /** The execution's input, unchecked. */
  input: unknown;
  execution: { id: string; name: string; startTime: string };
  plan: string;
  service: string;
  budget: AdmitEvent["budget"];
  observe: boolean;
  /** The machine's own timeout: nothing of this ramp is on after it. */
  boundSeconds: number;
}

/** Before a step's changes, and before they are taken back. */
export interface RampEnterEvent extends RampEvent {
  verb: "enter";
  budget: AdmitEvent["budget"];
  /** Name of the step. */
  step: string;
  direction: "up" | "back";
  /** When the state was entered: the same whenever the function is called again. */
  at: string;
}

/** Before approvers are asked: may the ramp still go on, and under which question is it asked? */
export interface RampAskEvent extends RampEvent {
  verb: "ask";
  /** Id of the question; whatever ends the ramp ends the wait for its answer. */
  question: string;
}

/** After a step's changes: the lock goes back. */
export interface RampLeaveEvent extends RampEvent {
  verb: "leave";
}

/** From the state that is held: its token is kept, and used when a criterion fires. */
export interface RampHoldEvent extends RampEvent {
  verb: "hold";
  step: string;
  /** The task's token; it stays in the account. */
  token: string;
}

/** At the end, whatever it is. */
export interface RampEndEvent extends RampEvent {
  verb: "end";
  outcome: RampOutcome;
  /** What people call it: "back at 10 %". */
  ending: string;
}

/** After its end: where the report is. */
export interface RampReportedEvent extends RampEvent {
  verb: "report";
  report: ReportAnswer;
}

/** From the rule that notices executions which ended without saying so. */
export interface RampStoppedEvent {
  verb: "stopped";
  /** Name of the execution. */
  name: string;
  status: string;
}

export type RedeployEvent =
  | RampBeginEvent
  | RampEnterEvent
  | RampAskEvent
  | RampLeaveEvent
  | RampHoldEvent
  | RampEndEvent
  | RampReportedEvent
  | RampStoppedEvent;

/** Answer of `begin`, `enter` and `ask`. `fired`: a criterion has fired meanwhile, so the way is back. */
export interface RampAdmission {
  outcome: "admitted" | "fired" | Extract<RampOutcome, "overtaken" | "replaced" | "frozen" | "refused">;
  reason: string;
  run: RunContext;
  /** Of a dry run that is let in: a ramp would not be, and `reason` says why. */
  refused?: boolean;
}

/** Answer of the other verbs. */
export interface RampAnswer {
  note: string;
  /** Of `end`: false when a criterion fired in the moment in which the ramp would have been over. */
  ended?: boolean;
}

/** What a notice of a ramp says beside what every notice says. */
export interface RampNotice {
  phase: "dry-run" | "asked" | "started" | "step" | "progress" | "back" | "ended";
  version: string;
  /** Name of the step it speaks of. */
  step: string;
  /** Counted from 1; 0 before the first. */
  number: number;
  of: number;
  /** Seconds for which the step has held, and must. */
  heldSeconds: number;
  holdSeconds: number;
  /** Name of the step after it, or of the one gone back to. */
  next: string;
  outcome: RampOutcome | "";
  ending: string;
  because: string;
  /** Only with `dry-run`. */
  outline?: RampOutline;
}

/** A ramp as the plan has it: what a dry run shows beside the changes. */
export interface RampOutline {
  steps: { name: string; holdSeconds: number; everySeconds: number; changes: string[] }[];
  /** Ids of the triggers that take it back a step, and of those that begin a rollback at once. */
  back: string[];
  atOnce: string[];
  /** Checks of each hold: one that does not pass takes the ramp back too. */
  checks: string[];
  /** Who is asked, and when; empty when nobody is. */
  approval: string;
}
