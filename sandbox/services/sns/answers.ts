import type { Subscription as Listed } from "@aws-sdk/client-sns";
import type { Subscription } from "./state.ts";

/** A subscription as the lists show it. */
export const listed = (each: Subscription, account: string): Listed => ({
  SubscriptionArn: each.confirmed ? each.arn : "PendingConfirmation",
  Owner: account,
  Protocol: each.protocol,
  Endpoint: each.endpoint,
  TopicArn: each.topicArn,
});
