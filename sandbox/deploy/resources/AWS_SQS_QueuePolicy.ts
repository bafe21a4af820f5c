import { type Properties, policyText, type ResourceContext, resourceType } from "../resource.ts";

async function put(properties: Properties, { call }: ResourceContext): Promise<void> {
  for (const QueueUrl of properties["Queues"] as string[])
    await call("sqs", "SetQueueAttributes", {
      QueueUrl,
      Attributes: { Policy: policyText(properties["PolicyDocument"]) },
    });
}

/** The policy of one or more queues. */
export const sqsQueuePolicy = resourceType({
  uses: ["PolicyDocument", "Queues"],
  create: async (properties, context) => {
    await put(properties, context);
    return { physicalId: context.physicalName(100), attributes: {} };
  },
  update: async (properties, context, { made }) => {
    await put(properties, context);
    return made;
  },
});
