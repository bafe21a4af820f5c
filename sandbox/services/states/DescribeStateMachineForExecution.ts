import type {
  DescribeStateMachineForExecutionCommandInput,
  DescribeStateMachineForExecutionCommandOutput,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { executionNamed } from "./state.ts";

/** The definition an execution was started with. */
export const DescribeStateMachineForExecution = operation<
  DescribeStateMachineForExecutionCommandInput,
  Omit<DescribeStateMachineForExecutionCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "states:DescribeStateMachineForExecution", resources: [input.executionArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const { machine, revision } = executionNamed(world, input.executionArn);
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      definition: revision.definition,
      roleArn: revision.roleArn,
      updateDate: new Date(machine.updatedAt),
      loggingConfiguration:
        machine.logging as DescribeStateMachineForExecutionCommandOutput["loggingConfiguration"],
      tracingConfiguration: { enabled: machine.tracing?.enabled ?? false },
      revisionId: revision.revisionId,
    };
  },
});
