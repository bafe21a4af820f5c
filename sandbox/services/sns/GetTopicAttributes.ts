import type { GetTopicAttributesCommandInput, GetTopicAttributesCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { effectiveTopicPolicy } from "./delivery-policy.ts";
import { snsState, topicNamed } from "./state.ts";

/** Attributes and counts of a topic. */
export const GetTopicAttributes = operation<
  GetTopicAttributesCommandInput,
  Omit<GetTopicAttributesCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:GetTopicAttributes", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, region }) => {
    const topic = topicNamed({ world, region }, input.TopicArn);
    const own = [...snsState(world).subscriptions.values()].filter(({ topicArn }) => topicArn === topic.arn);
    return {
      Attributes: {
        ...Object.fromEntries(topic.attributes),
        EffectiveDeliveryPolicy: effectiveTopicPolicy(topic),
        TopicArn: topic.arn,
        SubscriptionsConfirmed: String(own.filter(({ confirmed }) => confirmed).length),
        SubscriptionsPending: String(own.filter(({ confirmed }) => !confirmed).length),
        SubscriptionsDeleted: "0",
      },
    };
  },
});
