import type { ListQueueTagsCommandInput, ListQueueTagsResult } from "@aws-sdk/client-sqs";
import { operation } from "../../service.ts";
import { arnAt, queueAt } from "./state.ts";

/** Tags of a queue. */
export const ListQueueTags = operation<ListQueueTagsCommandInput, ListQueueTagsResult>({
  authorize: (input, call) => [{ action: "sqs:ListQueueTags", resources: [arnAt(call, input.QueueUrl)] }],
  run: (input, { world }) => ({ Tags: Object.fromEntries(queueAt(world, input.QueueUrl).tags) }),
});
