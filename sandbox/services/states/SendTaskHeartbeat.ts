import type { SendTaskHeartbeatCommandInput, SendTaskHeartbeatCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { waitingTask } from "./callbacks.ts";

/** Says that a callback task is still being worked on. */
export const SendTaskHeartbeat = operation<
  SendTaskHeartbeatCommandInput,
  Omit<SendTaskHeartbeatCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "states:SendTaskHeartbeat", resources: ["*"] }],
  run: (input, { world }) => {
    waitingTask(world, input.taskToken).heartbeat();
    return {};
  },
});
