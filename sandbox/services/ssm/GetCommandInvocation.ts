import type { GetCommandInvocationCommandInput, GetCommandInvocationResult } from "@aws-sdk/client-ssm";
import { operation, ServiceException } from "../../service.ts";
import { commandNamed, invocationOf } from "./commands.ts";

const text = (at: number | undefined) => (at === undefined ? "" : new Date(at).toISOString());

/** What became of a command on one host, with its output once it has ended. It knows no resources. */
export const GetCommandInvocation = operation<GetCommandInvocationCommandInput, GetCommandInvocationResult>({
  authorize: () => [{ action: "ssm:GetCommandInvocation", resources: ["*"] }],
  run: (input, { world }) => {
    const command = commandNamed(world, input.CommandId);
    const found = invocationOf(world, command, input.InstanceId);
    if (input.PluginName !== undefined && input.PluginName !== command.step)
      throw new ServiceException("InvalidPluginName", "");
    const { startedAt, endedAt } = found;
    const seconds = ((endedAt ?? world.clock.now()) - (startedAt ?? 0)) / 1000;
    return {
      CommandId: command.id,
      InstanceId: found.instanceId,
      Comment: command.comment,
      DocumentName: command.documentName,
      DocumentVersion: command.documentVersion,
      PluginName: command.step,
      ResponseCode: found.responseCode,
      ExecutionStartDateTime: text(startedAt),
      ExecutionElapsedTime: startedAt === undefined ? "" : `PT${seconds.toFixed(3)}S`,
      ExecutionEndDateTime: text(endedAt),
      Status: found.status,
      StatusDetails: found.details,
      StandardOutputContent: found.stdout,
      StandardOutputUrl: "",
      StandardErrorContent: found.stderr,
      StandardErrorUrl: "",
      CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
    };
  },
});
