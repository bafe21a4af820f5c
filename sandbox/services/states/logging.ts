import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { World } from "../../world.ts";
import type { Execution } from "./state.ts";

const ERRORS = /Failed|TimedOut|Aborted/;

/**
 * Delivers an event to the machine's log group, as its logging configuration asks
 * (https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html). A group that is missing is said once.
 */
export function logEvent(world: World, execution: Execution, event: HistoryEvent): void {
  const { logging } = execution.machine;
  if (!logging || (logging.level ?? "OFF") === "OFF") return;
  if (logging.level === "ERROR" && !ERRORS.test(event.type ?? "")) return;
  if (logging.level === "FATAL" && !/^Execution(Failed|TimedOut|Aborted)/.test(event.type ?? "")) return;
  const groupArn = logging.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  const logGroupName = groupArn?.replace(/:\*$/, "").split(":log-group:")[1];
  if (!logGroupName) return;
  const details = Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1] as
    | Record<string, unknown>
    | undefined;
  const message = JSON.stringify({
    id: String(event.id),
    type: event.type,
    details: logging.includeExecutionData ? details : {},
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestamp?.getTime()),
    execution_arn: execution.arn,
    redrive_count: String(execution.redriveCount),
  });
  const day = new Date(execution.startedAt).toISOString().slice(0, 10);
  world
    .call({
      service: "logs",
      operation: "PutLogEvents",
      principal: { type: "admin" },
      input: {
        logGroupName,
        logStreamName: `states/${execution.machine.name}/${day}/${execution.name}`,
        logEvents: [{ timestamp: event.timestamp?.getTime(), message }],
        createStream: true,
      },
    })
    .catch((error: Error) =>
      world.warnOnce(
        `the log of ${execution.machine.name} was not delivered to ${logGroupName}: ${error.message}`,
      ),
    );
}
