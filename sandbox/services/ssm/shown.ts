import type { Command, CommandInvocation } from "@aws-sdk/client-ssm";
import { type Invocation, isEnded, overallStatus, type SentCommand } from "./commands.ts";

/** Characters of output in a list of invocations. */
const LISTED_OUTPUT = 2_500;

/** A command as SendCommand answers it. */
export function shownCommand(command: SentCommand): Command {
  const invocations = [...command.invocations.values()];
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: new Date(command.expiresAt),
    Parameters: command.parameters,
    InstanceIds: [...command.invocations.keys()],
    Targets: [],
    RequestedDateTime: new Date(command.requestedAt),
    ...(overallStatus(invocations) as Pick<Command, "Status" | "StatusDetails">),
    MaxConcurrency: "50",
    MaxErrors: "0",
    TargetCount: invocations.length,
    CompletedCount: invocations.filter(isEnded).length,
    ErrorCount: invocations.filter(({ status }) => status === "Failed" || status === "TimedOut").length,
    DeliveryTimedOutCount: invocations.filter(({ details }) => details === "DeliveryTimedOut").length,
    TimeoutSeconds: command.timeoutSeconds,
  };
}

/** An invocation as ListCommandInvocations answers it. */
export function shownInvocation(
  command: SentCommand,
  invocation: Invocation,
  details: boolean,
): CommandInvocation {
  const { instanceId, status, details: StatusDetails, responseCode, startedAt, endedAt } = invocation;
  const error = invocation.stderr === "" ? "" : `\n----------ERROR-------\n${invocation.stderr}`;
  return {
    CommandId: command.id,
    InstanceId: instanceId,
    InstanceName: "",
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: new Date(command.requestedAt),
    Status: status,
    StatusDetails,
    StandardOutputUrl: "",
    StandardErrorUrl: "",
    CommandPlugins: details
      ? [
          {
            Name: command.step,
            // A plugin knows no Delayed and no Cancelling.
            Status: status === "Delayed" ? "Pending" : status === "Cancelling" ? "InProgress" : status,
            StatusDetails,
            ResponseCode: responseCode,
            ...(startedAt === undefined ? {} : { ResponseStartDateTime: new Date(startedAt) }),
            ...(endedAt === undefined ? {} : { ResponseFinishDateTime: new Date(endedAt) }),
            Output: (invocation.stdout + error).slice(0, LISTED_OUTPUT),
          },
        ]
      : [],
  };
}
