import type { SendMessageBatchCommandInput, SendMessageBatchResult } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { batch } from "./batch.ts";
import { send } from "./sending.ts";
import { arnAt, queueAt } from "./state.ts";

/** Puts up to ten messages into a queue. */
export const SendMessageBatch = operation<SendMessageBatchCommandInput, SendMessageBatchResult>({
  authorize: (input, call) => [{ action: "sqs:SendMessage", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, call) => {
    const queue = queueAt(call.world, input.QueueUrl);
    return batch(input.Entries, (entry) => {
      const sent = send(queue, entry, call);
      return { ...sent, MessageId: sent.MessageId ?? "", MD5OfMessageBody: sent.MD5OfMessageBody ?? "" };
    });
  },
});
