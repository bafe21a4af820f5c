import type { ListSubscriptionsCommandInput, ListSubscriptionsCommandOutput } from "@aws-sdk/client-sns";
import { operation } from "../../service.ts";
import { snsState } from "./state.ts";

/** Subscriptions. */
export const ListSubscriptions = operation<
  ListSubscriptionsCommandInput,
  Omit<ListSubscriptionsCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "sns:ListSubscriptions", resources: ["*"] }],
  run: (_, { world, account }) => ({
    Subscriptions: [...snsState(world).subscriptions.values()].map((each) => ({
      SubscriptionArn: each.confirmed ? each.arn : "PendingConfirmation",
      Owner: account,
      Protocol: each.protocol,
      Endpoint: each.endpoint,
      TopicArn: each.topicArn,
    })),
  }),
});
