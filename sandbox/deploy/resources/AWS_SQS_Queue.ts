import { boolean, type Properties, resourceType, tagRecord } from "../resource.ts";

const ATTRIBUTES = [
  "DelaySeconds",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ReceiveMessageWaitTimeSeconds",
  "VisibilityTimeout",
  "KmsDataKeyReusePeriodSeconds",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "SqsManagedSseEnabled",
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
];

function attributes(properties: Properties): Record<string, string> {
  const given = ATTRIBUTES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [
      name,
      typeof properties[name] === "object" ? JSON.stringify(properties[name]) : String(properties[name]),
    ]),
  );
}

/** A queue; Ref is its URL. */
export const sqsQueue = resourceType({
  uses: ["QueueName", "Tags", ...ATTRIBUTES],
  replacedBy: ["QueueName", "FifoQueue"],
  create: async (properties, context) => {
    const QueueName =
      (properties["QueueName"] as string | undefined) ??
      context.physicalName(75) + (boolean(properties["FifoQueue"]) ? ".fifo" : "");
    const { QueueUrl } = await context.call<{ QueueUrl: string }>("sqs", "CreateQueue", {
      QueueName,
      Attributes: attributes(properties),
      tags: tagRecord(properties["Tags"]),
    });
    return {
      physicalId: QueueUrl,
      attributes: { Arn: context.world.arn("sqs", QueueName), QueueName, QueueUrl },
    };
  },
  update: async (properties, { call }, { made }) => {
    await call("sqs", "SetQueueAttributes", {
      QueueUrl: made.physicalId,
      Attributes: attributes(properties),
    });
    return made;
  },
  delete: async ({ physicalId: QueueUrl }, { call }) => {
    await call("sqs", "DeleteQueue", { QueueUrl });
  },
});
