import type { StartExecutionCommandInput, StartExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { startExecution } from "./start.ts";
import { machineNamed } from "./state.ts";

/** Starts an execution; the same name and input while it runs gives the one that runs. */
export const StartExecution = operation<
  StartExecutionCommandInput,
  Omit<StartExecutionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:StartExecution", resources: [input.stateMachineArn ?? "*"] }],
  run: (input, { world }) => {
    const machine = machineNamed(world, input.stateMachineArn);
    const execution = startExecution(world, machine, {
      arn: input.stateMachineArn!,
      name: input.name,
      input: input.input,
    });
    return { executionArn: execution.arn, startDate: new Date(execution.startedAt) };
  },
});
