import type { DeleteMessageCommandInput } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { removeMessage } from "./receipts.ts";
import { arnAt, queueAt, wake } from "./state.ts";

/** Deletes a received message. */
export const DeleteMessage = operation<DeleteMessageCommandInput, object>({
  authorize: (input, call) => [{ action: "sqs:DeleteMessage", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, { world }) => {
    const queue = queueAt(world, input.QueueUrl);
    removeMessage(queue, input.ReceiptHandle);
    // The next message of a FIFO group may be waited for.
    wake(queue);
    return {};
  },
});
