import type {
  ListSubscriptionsByTopicCommandInput,
  ListSubscriptionsByTopicCommandOutput,
} from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { snsState, topicNamed } from "./state.ts";

/** Subscriptions. */
export const ListSubscriptionsByTopic = operation<
  ListSubscriptionsByTopicCommandInput,
  Omit<ListSubscriptionsByTopicCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "sns:ListSubscriptionsByTopic", resources: [input.TopicArn ?? "*"] }],
  run: (input, { world, account }) => {
    topicNamed(world, input.TopicArn);
    return {
      Subscriptions: [...snsState(world).subscriptions.values()]
        .filter((each) => each.topicArn === input.TopicArn)
        .map((each) => ({
          SubscriptionArn: each.confirmed ? each.arn : "PendingConfirmation",
          Owner: account,
          Protocol: each.protocol,
          Endpoint: each.endpoint,
          TopicArn: each.topicArn,
        })),
    };
  },
});
