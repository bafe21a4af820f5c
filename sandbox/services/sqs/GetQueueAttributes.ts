import type { GetQueueAttributesCommandInput, GetQueueAttributesResult } from "@aws-sdk/client-sqs";
import { operation, ServiceException } from "../../service.ts";
import { arnAt, DEFAULTS, expire, type Queue, queueAt } from "./state.ts";

/** Settings and message counts. The counts are exact here; AWS calls them approximate. */
export const GetQueueAttributes = operation<GetQueueAttributesCommandInput, GetQueueAttributesResult>({
  authorize: (input, call) => [
    { action: "sqs:GetQueueAttributes", resources: [arnAt(call, input.QueueUrl)] },
  ],
  run: (input, { world }) => {
    const queue = queueAt(world, input.QueueUrl);
    const now = world.clock.now();
    expire(queue, now);
    const all = attributesOf(queue, now);
    const wanted = (input.AttributeNames ?? []) as string[];
    const unknown = wanted.find((name) => name !== "All" && !(name in all) && !KNOWN.has(name));
    if (unknown) throw new ServiceException("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
    const shown = Object.entries(all).filter(([name]) => wanted.includes("All") || wanted.includes(name));
    return shown.length > 0 ? { Attributes: Object.fromEntries(shown) } : {};
  },
});

/** Attributes that exist though this queue has no value for them. */
const KNOWN = new Set([
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "FifoQueue",
]);

function attributesOf(queue: Queue, now: number): Record<string, string> {
  const delayed = queue.messages.filter((each) => each.received === 0 && each.visibleAt > now).length;
  const inFlight = queue.messages.filter((each) => each.received > 0 && each.visibleAt > now).length;
  return {
    ...DEFAULTS,
    SqsManagedSseEnabled: "true",
    ...Object.fromEntries(queue.attributes),
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAt / 1000)),
    ApproximateNumberOfMessages: String(queue.messages.length - delayed - inFlight),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}
