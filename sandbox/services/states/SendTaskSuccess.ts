import type { SendTaskSuccessCommandInput, SendTaskSuccessCommandOutput } from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { waitingTask } from "./callbacks.ts";

/** Answers a callback task. */
export const SendTaskSuccess = operation<
  SendTaskSuccessCommandInput,
  Omit<SendTaskSuccessCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "states:SendTaskSuccess", resources: ["*"] }],
  run: (input, { world }) => {
    const task = waitingTask(world, input.taskToken);
    let output: unknown;
    try {
      output = JSON.parse(input.output!);
    } catch {
      throw new ServiceException("InvalidOutput", `Invalid Output: '${input.output}'`);
    }
    task.succeed(output);
    return {};
  },
});
