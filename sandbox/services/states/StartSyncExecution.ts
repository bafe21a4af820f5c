import type { StartSyncExecutionCommandInput, StartSyncExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { startExecution } from "./start.ts";
import { machineNamed } from "./state.ts";

/** Runs an express machine and answers with its end. */
export const StartSyncExecution = operation<
  StartSyncExecutionCommandInput,
  Omit<StartSyncExecutionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:StartSyncExecution", resources: [input.stateMachineArn ?? "*"] }],
  run: async (input, { world }) => {
    const machine = machineNamed(world, input.stateMachineArn);
    if (machine.type !== "EXPRESS")
      throw new ServiceException(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
      );
    const execution = startExecution(world, machine, {
      arn: input.stateMachineArn!,
      name: input.name,
      input: input.input,
    });
    await execution.ended;
    const { arn, name, startedAt, stoppedAt, status, error, cause, output } = execution;
    return {
      executionArn: arn,
      stateMachineArn: machine.arn,
      name,
      startDate: new Date(startedAt),
      stopDate: new Date(stoppedAt!),
      status: status === "ABORTED" ? "FAILED" : (status as "SUCCEEDED"),
      error,
      cause,
      input: execution.input,
      output,
    };
  },
});
