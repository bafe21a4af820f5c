import { type Properties, policyText, type ResourceContext, resourceType } from "../resource.ts";

async function put(properties: Properties, { call }: ResourceContext): Promise<void> {
  const AttributeValue = policyText(properties["PolicyDocument"]);
  for (const TopicArn of properties["Topics"] as string[])
    await call("sns", "SetTopicAttributes", { TopicArn, AttributeName: "Policy", AttributeValue });
}

/** The policy of one or more topics. */
export const snsTopicPolicy = resourceType({
  uses: ["PolicyDocument", "Topics"],
  create: async (properties, context) => {
    await put(properties, context);
    return { physicalId: context.physicalName(100), attributes: {} };
  },
  update: async (properties, context, { made }) => {
    await put(properties, context);
    return made;
  },
});
