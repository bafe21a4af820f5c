import { WatchdogError } from "../../runtime/errors.ts";
import type { ProgressAnswer } from "../../runtime/protocol.ts";
import type { Execution } from "./client.ts";

/** States from which an execution goes no further. `completedMonitoringApplicationHealth`: its steps are through. */
const OVER = [
  "completed",
  "completedMonitoringApplicationHealth",
  "completedWithExceptions",
  "canceled",
  "planExecutionTimedOut",
  "failed",
];

export const isOver = (state: string): boolean => OVER.includes(state);

const named = ({ stepStates = [] }: Execution, ...statuses: string[]) =>
  stepStates.filter(({ status = "" }) => statuses.includes(status)).map(({ name }) => name);

/**
 * How far an execution is, for the phase that waits for it. Pure. Whatever is neither through nor still going is
 * thrown: a switch that stopped in the middle needs a person at once.
 */
export function judged(execution: Execution, phase: "apply" | "revert"): ProgressAnswer {
  const { executionId, executionState: state, executionAction, executionRegion, stepStates = [] } = execution;
  const done = named(execution, "completed");
  const far = `${done.length} of ${stepStates.length} steps done`;
  if (phase === "revert") return undone(execution, done);
  if (state === "completed" || state === "completedMonitoringApplicationHealth")
    return { done: true, note: `execution ${executionId} is through: ${executionAction} ${executionRegion}` };
  const waiting = named(execution, "pendingApproval").join(", ");
  const notes: Record<string, string> = {
    pending: `execution ${executionId} has not begun`,
    inProgress: `execution ${executionId} is at ${named(execution, "running").join(", ") || "its next step"}, ${far}`,
    pendingManualApproval: `execution ${executionId} waits in ARC for somebody to approve ${waiting || "a step"}, ${far}`,
    pausedByOperator: `execution ${executionId} was paused by an operator, ${far}`,
  };
  if (notes[state]) return { done: false, note: notes[state] };
  const failed = named(execution, "failed", "skipped").join(", ");
  throw new WatchdogError(
    "WorkFailed",
    `Execution ${executionId} of the Region switch plan is ${state}${failed ? ` at ${failed}` : ""}, ${far}${done.length > 0 ? ` (${done.join(", ")})` : ""}. It was left as it is, and traffic may be half moved. Look at it in ARC in ${executionId.split("/")[0]}: retry, skip or cancel there.`,
  );
}

/** Only what changed nothing counts as undone. */
function undone(
  { executionId, executionState, executionAction, executionRegion }: Execution,
  done: unknown[],
): ProgressAnswer {
  if (!isOver(executionState))
    return { done: false, note: `execution ${executionId} is being cancelled: ${executionState}` };
  if (done.length === 0)
    return { done: true, note: `execution ${executionId} ended before it had changed anything` };
  throw new WatchdogError(
    "WorkFailed",
    `Execution ${executionId} (${executionAction} ${executionRegion}) is ${executionState} and did ${done.join(", ")}. Nothing takes that back by itself, and it was left as it is. Execute the Region switch plan for the other Region when that one is well again.`,
  );
}
