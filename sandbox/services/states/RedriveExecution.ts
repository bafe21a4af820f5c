import type { RedriveExecutionCommandInput, RedriveExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { redrive } from "./execute.ts";
import { executionNamed } from "./state.ts";

const FOURTEEN_DAYS = 14 * 86_400_000;

/** Continues a failed execution from the state that failed, with its own definition. */
export const RedriveExecution = operation<
  RedriveExecutionCommandInput,
  Omit<RedriveExecutionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:RedriveExecution", resources: [input.executionArn ?? "*"] }],
  run: (input, { world }) => {
    const execution = executionNamed(world, input.executionArn);
    if (!["FAILED", "TIMED_OUT", "ABORTED"].includes(execution.status))
      throw new ServiceException(
        "ExecutionNotRedrivable",
        `Execution is ${execution.status} and cannot be redriven`,
      );
    if (world.clock.now() - execution.stoppedAt! > FOURTEEN_DAYS)
      throw new ServiceException(
        "ExecutionNotRedrivable",
        "Execution has exceeded the redrivable period of 14 days",
      );
    redrive(world, execution);
    return { redriveDate: new Date(execution.redrivenAt!) };
  },
});
