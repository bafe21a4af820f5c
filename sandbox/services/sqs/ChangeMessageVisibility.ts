import type { ChangeMessageVisibilityCommandInput } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { hide } from "./receipts.ts";
import { arnAt, queueAt, wake } from "./state.ts";

/** Gives a received message more time, or (0) back at once. */
export const ChangeMessageVisibility = operation<ChangeMessageVisibilityCommandInput, object>({
  authorize: (input, call) => [
    { action: "sqs:ChangeMessageVisibility", resources: [arnAt(call, input.QueueUrl)] },
  ],
  run: (input, { world }) => {
    const queue = queueAt(world, input.QueueUrl);
    hide(queue, input.ReceiptHandle, input.VisibilityTimeout, world.clock.now());
    wake(queue);
    return {};
  },
});
