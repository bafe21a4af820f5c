import type { Change, Decision, RunContext } from "./run.ts";

/** An approval's row and its links have a partition of their own, so that a role may be limited to it. */
export const approvalPartition = (service: string) => `approval#${service}`;
export const requestKey = (run: string) => `REQUEST#${run}`;

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
  /** Of a ramp: its id. `run` then has the question's own, and no lock is held. */
  ramp?: string;
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
