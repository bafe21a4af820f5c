import { type Properties, resourceType } from "../resource.ts";

function attributes(properties: Properties): Record<string, string> {
  const names = [
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "DeliveryPolicy",
    "SubscriptionRoleArn",
  ];
  const given = names.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => [
      name,
      typeof properties[name] === "object" ? JSON.stringify(properties[name]) : String(properties[name]),
    ]),
  );
}

/** A subscription; one by e-mail waits for its confirmation. */
export const snsSubscription = resourceType({
  uses: [
    "Protocol",
    "Endpoint",
    "TopicArn",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
    "DeliveryPolicy",
    "SubscriptionRoleArn",
  ],
  records: ["Region"],
  replacedBy: ["Protocol", "Endpoint", "TopicArn"],
  create: async (properties, { call }) => {
    const { SubscriptionArn } = await call<{ SubscriptionArn: string }>("sns", "Subscribe", {
      Protocol: properties["Protocol"],
      Endpoint: properties["Endpoint"],
      TopicArn: properties["TopicArn"],
      Attributes: attributes(properties),
      ReturnSubscriptionArn: true,
    });
    return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  update: async (properties, { call }, { made }) => {
    for (const [AttributeName, AttributeValue] of Object.entries(attributes(properties)))
      await call("sns", "SetSubscriptionAttributes", {
        SubscriptionArn: made.physicalId,
        AttributeName,
        AttributeValue,
      });
    return made;
  },
  delete: async ({ physicalId: SubscriptionArn }, { call }) => {
    await call("sns", "Unsubscribe", { SubscriptionArn });
  },
});
