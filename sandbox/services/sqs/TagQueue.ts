import type { TagQueueCommandInput } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { arnAt, queueAt } from "./state.ts";

/** Adds tags to a queue. */
export const TagQueue = operation<TagQueueCommandInput, object>({
  authorize: (input, call) => [{ action: "sqs:TagQueue", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, { world }) => {
    const { tags } = queueAt(world, input.QueueUrl);
    for (const [key, value] of Object.entries(input.Tags ?? {})) tags.set(key, value);
    return {};
  },
});
