import type { SendTaskFailureCommandInput, SendTaskFailureCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { waitingTask } from "./callbacks.ts";

/** Fails a callback task. */
export const SendTaskFailure = operation<
  SendTaskFailureCommandInput,
  Omit<SendTaskFailureCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "states:SendTaskFailure", resources: ["*"] }],
  run: (input, { world }) => {
    waitingTask(world, input.taskToken).fail(input.error, input.cause);
    return {};
  },
});
