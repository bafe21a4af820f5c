import { type Properties, resourceType } from "../resource.ts";

const subscriptions = (properties: Properties) =>
  (properties["Subscription"] ?? []) as { Endpoint: string; Protocol: string }[];

function attributes(properties: Properties): Record<string, string> {
  const names = ["DisplayName", "FifoTopic", "ContentBasedDeduplication", "KmsMasterKeyId"];
  const given = names.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, String(properties[name])]));
}

/** A topic, with the subscriptions written into it. */
export const snsTopic = resourceType({
  uses: [
    "TopicName",
    "DisplayName",
    "FifoTopic",
    "ContentBasedDeduplication",
    "KmsMasterKeyId",
    "Subscription",
    "Tags",
  ],
  records: [
    "TracingConfig",
    "SignatureVersion",
    "DeliveryStatusLogging",
    "DataProtectionPolicy",
    "ArchivePolicy",
    "FifoThroughputScope",
  ],
  replacedBy: ["TopicName", "FifoTopic"],
  create: async (properties, context) => {
    const name = (properties["TopicName"] as string | undefined) ?? context.physicalName(256);
    const { TopicArn } = await context.call<{ TopicArn: string }>("sns", "CreateTopic", {
      Name: name,
      Attributes: attributes(properties),
      Tags: properties["Tags"],
    });
    for (const { Endpoint, Protocol } of subscriptions(properties))
      await context.call("sns", "Subscribe", { TopicArn, Endpoint, Protocol, ReturnSubscriptionArn: true });
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName: name } };
  },
  update: async (properties, { call }, { made, properties: before }) => {
    const TopicArn = made.physicalId;
    for (const [AttributeName, AttributeValue] of Object.entries(attributes(properties)))
      if (attributes(before)[AttributeName] !== AttributeValue)
        await call("sns", "SetTopicAttributes", { TopicArn, AttributeName, AttributeValue });
    const known = subscriptions(before).map((each) => JSON.stringify(each));
    for (const each of subscriptions(properties))
      if (!known.includes(JSON.stringify(each)))
        await call("sns", "Subscribe", { TopicArn, ...each, ReturnSubscriptionArn: true });
    return made;
  },
  delete: async ({ physicalId: TopicArn }, { call }) => {
    await call("sns", "DeleteTopic", { TopicArn });
  },
});
