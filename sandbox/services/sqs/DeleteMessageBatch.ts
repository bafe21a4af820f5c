import type { DeleteMessageBatchCommandInput, DeleteMessageBatchResult } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { batch } from "./batch.ts";
import { removeMessage } from "./receipts.ts";
import { arnAt, queueAt, wake } from "./state.ts";

/** Deletes up to ten received messages. */
export const DeleteMessageBatch = operation<DeleteMessageBatchCommandInput, DeleteMessageBatchResult>({
  authorize: (input, call) => [{ action: "sqs:DeleteMessage", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, { world }) => {
    const queue = queueAt(world, input.QueueUrl);
    const result = batch(input.Entries, (entry) => {
      removeMessage(queue, entry.ReceiptHandle);
      return {};
    });
    wake(queue);
    return result;
  },
});
