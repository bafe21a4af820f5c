import type { DescribeExecutionCommandInput, DescribeExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { executionNamed } from "./state.ts";

/** One execution. */
export const DescribeExecution = operation<
  DescribeExecutionCommandInput,
  Omit<DescribeExecutionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:DescribeExecution", resources: [input.executionArn ?? "*"] }],
  run: (input, { world }) => {
    const execution = executionNamed(world, input.executionArn);
    const {
      arn,
      machine,
      name,
      status,
      startedAt,
      stoppedAt,
      error,
      cause,
      output,
      versionArn,
      redriveCount,
    } = execution;
    const redrivable = ["FAILED", "TIMED_OUT", "ABORTED"].includes(status) && machine.type === "STANDARD";
    return {
      executionArn: arn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate: new Date(startedAt),
      ...(stoppedAt === undefined ? {} : { stopDate: new Date(stoppedAt) }),
      input: execution.input,
      inputDetails: { included: true },
      ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
      error,
      cause,
      ...(versionArn ? { stateMachineVersionArn: versionArn } : {}),
      redriveCount,
      ...(execution.redrivenAt === undefined ? {} : { redriveDate: new Date(execution.redrivenAt) }),
      redriveStatus: redrivable ? "REDRIVABLE" : "NOT_REDRIVABLE",
      ...(redrivable
        ? {}
        : {
            redriveStatusReason:
              status === "RUNNING"
                ? "Execution is RUNNING and cannot be redriven"
                : `Execution is ${status} and cannot be redriven`,
          }),
    };
  },
});
