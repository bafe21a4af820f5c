import type { StopExecutionCommandInput, StopExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { Stopped } from "../../states/failure.ts";
import { executionNamed, stopExecution } from "./state.ts";

/** Ends an execution at once; no catcher runs. */
export const StopExecution = operation<
  StopExecutionCommandInput,
  Omit<StopExecutionCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:StopExecution", resources: [input.executionArn ?? "*"] }],
  run: async (input, { world }) => {
    const execution = executionNamed(world, input.executionArn);
    stopExecution(execution, new Stopped("ABORTED", input.error, input.cause));
    await execution.ended;
    return { stopDate: new Date(execution.stoppedAt!) };
  },
});
