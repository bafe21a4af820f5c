import type { ApprovalAnswer } from "./approval.ts";
import type { Measurement } from "./checks.ts";
import type { RampOutcome } from "./redeploy.ts";
import type { Change, RunContext, TimelineEntry } from "./run.ts";
import type { RevertRecord } from "./steps.ts";

/** Sent to `report` by a ramp that ended, whatever its end is. */
export interface RampReportEvent {
  verb: "ramp";
  run: RunContext;
  outcome: RampOutcome;
  /** What people call it: "back at 10 %". */
  ending: string;
  because: string;
  /** Where it was at its end. */
  at: { step: string; number: number };
  of: number;
  /** The changes that were made or begun, by step of the plan. */
  changes: Record<string, Change>;
  /** The last round of checks. */
  checks: Measurement[];
  reverts: RevertRecord[];
  timeline: TimelineEntry[];
  /** The last answer of an approver, where one was asked. */
  approval: ApprovalAnswer | null;
}
