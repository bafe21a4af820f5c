import type { DeleteQueueCommandInput } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { arnAt, queueAt, sqsState, wake } from "./state.ts";

/** Deletes a queue with what is in it. */
export const DeleteQueue = operation<DeleteQueueCommandInput, object>({
  authorize: (input, call) => [{ action: "sqs:DeleteQueue", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, { world }) => {
    const queue = queueAt(world, input.QueueUrl);
    sqsState(world).queues.delete(queue.name);
    wake(queue);
    return {};
  },
});
