import type {
  ListSubscriptionsByTopicCommandInput,
  ListSubscriptionsByTopicCommandOutput,
} from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { listed } from "./answers.ts";
import { page } from "./paging.ts";
import { subscriptionsOf, topicNamed } from "./state.ts";

/** Subscriptions of a topic, a hundred at a time. */
export const ListSubscriptionsByTopic = operation<
  ListSubscriptionsByTopicCommandInput,
  Omit<ListSubscriptionsByTopicCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:ListSubscriptionsByTopic", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, region, account }) => {
    const topic = topicNamed({ world, region }, input.TopicArn);
    const { items, NextToken } = page(subscriptionsOf(world, topic.arn), input.NextToken);
    return { Subscriptions: items.map((each) => listed(each, account)), ...(NextToken ? { NextToken } : {}) };
  },
});
