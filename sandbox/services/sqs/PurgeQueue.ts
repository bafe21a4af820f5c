import type { PurgeQueueCommandInput } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { arnAt, queueAt } from "./state.ts";

/** Deletes every message of a queue. */
export const PurgeQueue = operation<PurgeQueueCommandInput, object>({
  authorize: (input, call) => [{ action: "sqs:PurgeQueue", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, { world }) => {
    queueAt(world, input.QueueUrl).messages = [];
    return {};
  },
});
