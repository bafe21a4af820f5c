import type { World } from "../../world.ts";
import { putMetric } from "../monitoring/metrics.ts";
import type { Execution } from "./state.ts";

/** Metric of each status that an execution begins or ends in. https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
const COUNTS: Partial<Record<Execution["status"], string>> = {
  RUNNING: "ExecutionsStarted",
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  ABORTED: "ExecutionsAborted",
  TIMED_OUT: "ExecutionsTimedOut",
};

/** Counts an execution's change of status under its state machine, and its time at the end. */
export function countExecution(
  world: World,
  { machine, status, startedAt, stoppedAt, redriveCount }: Execution,
): void {
  const dimensions = { StateMachineArn: machine.arn };
  const name = status === "RUNNING" && redriveCount > 0 ? "ExecutionsRedriven" : COUNTS[status];
  if (name) putMetric(world, "AWS/States", name, 1, dimensions, "Count");
  if (stoppedAt !== undefined)
    putMetric(world, "AWS/States", "ExecutionTime", stoppedAt - startedAt, dimensions, "Milliseconds");
}
