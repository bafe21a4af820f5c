import { randomBytes, randomUUID } from "node:crypto";
import type { SubscribeCommandInput, SubscribeCommandOutput } from "@aws-sdk/client-sns";
import { operation, ServiceException } from "../../service.ts";
import { askForConfirmation } from "./confirmation.ts";
import { type Subscription, snsState, topicNamed } from "./state.ts";

const PROTOCOLS = new Set([
  "http",
  "https",
  "email",
  "email-json",
  "sms",
  "sqs",
  "application",
  "lambda",
  "firehose",
]);

/** Adds a subscription; e-mail and HTTP ones wait for their confirmation. The same endpoint twice gives the same one. */
export const Subscribe = operation<SubscribeCommandInput, Omit<SubscribeCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "sns:Subscribe", resources: [input.TopicArn ?? "*"] }],
  run: async (input, { world, account }) => {
    const topic = topicNamed(world, input.TopicArn);
    const protocol = input.Protocol ?? "";
    const endpoint = input.Endpoint ?? "";
    if (!PROTOCOLS.has(protocol))
      throw new ServiceException(
        "InvalidParameterException",
        `Invalid parameter: Amazon SNS does not support this protocol string: ${protocol}`,
      );
    if (protocol.startsWith("email") && !/^[^@\s]+@[^@\s]+$/.test(endpoint))
      throw new ServiceException("InvalidParameterException", "Invalid parameter: Email address");
    const { subscriptions } = snsState(world);
    const attributes = new Map(Object.entries(input.Attributes ?? {}));
    const existing = [...subscriptions.values()].find(
      (each) => each.topicArn === topic.arn && each.protocol === protocol && each.endpoint === endpoint,
    );
    if (existing) {
      for (const [key, value] of attributes)
        if (existing.attributes.get(key) !== value)
          throw new ServiceException(
            "InvalidParameterException",
            "Invalid parameter: Attributes Reason: Subscription already exists with different attributes",
          );
      return {
        SubscriptionArn:
          existing.confirmed || input.ReturnSubscriptionArn ? existing.arn : "pending confirmation",
      };
    }
    const needsConfirmation = !["sqs", "lambda", "firehose", "application", "sms"].includes(protocol);
    const subscription: Subscription = {
      arn: `${topic.arn}:${randomUUID()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      attributes,
      confirmed: !needsConfirmation,
      token: randomBytes(32).toString("hex"),
      recent: [],
      suspended: false,
    };
    subscription.attributes.set("Owner", account);
    subscriptions.set(subscription.arn, subscription);
    if (needsConfirmation) await askForConfirmation(world, subscription);
    return {
      SubscriptionArn:
        subscription.confirmed || input.ReturnSubscriptionArn ? subscription.arn : "pending confirmation",
    };
  },
});
