import { randomBytes, randomUUID } from "node:crypto";
import type { SubscribeCommandInput, SubscribeCommandOutput } from "@aws-sdk/client-sns";
import { callerArn } from "../../front/iam/principal.ts";
import { operation } from "../../service.ts";
import { askForConfirmation } from "./confirmation.ts";
import { invalid, refused } from "./errors.ts";
import { isFifo, type Subscription, snsState, subscriptionsOf, topicNamed } from "./state.ts";
import { AttributeMistake, isFifoQueue, sameAttributes, setAttribute } from "./subscription-attributes.ts";

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
const CONFIRMED = new Set(["sqs", "lambda", "firehose", "application", "sms"]);

/** Adds a subscription; e-mail and HTTP ones wait for their confirmation. The same endpoint again gives the same one. */
export const Subscribe = operation<SubscribeCommandInput, Omit<SubscribeCommandOutput, "$metadata">>({
  authorize: (input) => [
    {
      action: "sns:Subscribe",
      resources: [input.TopicArn ?? "*"],
      context: { "sns:Protocol": input.Protocol ?? "", "sns:Endpoint": input.Endpoint ?? "" },
    },
  ],
  run: async (input, { world, region, principal }) => {
    const topic = topicNamed({ world, region }, input.TopicArn);
    const protocol = input.Protocol ?? "";
    const endpoint = input.Endpoint ?? "";
    checkEndpoint(protocol, endpoint);
    if (isFifo(topic) && protocol !== "sqs") throw invalid(`Invalid protocol type: ${protocol}`);
    if (protocol === "sqs" && isFifoQueue(endpoint) && !isFifo(topic))
      throw invalid(
        "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
      );
    const attributes = checked(input.Attributes ?? {}, endpoint);
    const answer = ({ arn, confirmed }: Subscription) => ({
      SubscriptionArn: confirmed || input.ReturnSubscriptionArn ? arn : "pending confirmation",
    });
    const existing = subscriptionsOf(world, topic.arn).find(
      (each) => each.protocol === protocol && each.endpoint === endpoint,
    );
    if (existing) {
      if (!sameAttributes(existing.attributes, attributes))
        throw invalid("Attributes Reason: Subscription already exists with different attributes");
      // Asking again for a pending subscription sends its confirmation again, with a new token.
      if (!existing.confirmed) {
        Object.assign(existing, { token: newToken(), askedAt: world.clock.now() });
        await askForConfirmation(world, existing);
      }
      return answer(existing);
    }
    const subscription: Subscription = {
      arn: `${topic.arn}:${randomUUID()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      attributes,
      confirmed: CONFIRMED.has(protocol),
      authenticated: CONFIRMED.has(protocol),
      principal: callerArn(world, principal),
      token: newToken(),
      askedAt: world.clock.now(),
      recent: [],
      suspended: false,
    };
    snsState(world).subscriptions.set(subscription.arn, subscription);
    if (!subscription.confirmed) await askForConfirmation(world, subscription);
    return answer(subscription);
  },
});

const newToken = () => randomBytes(144).toString("hex");

function checked(given: Record<string, string>, endpoint: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const { FilterPolicyScope, ...others } = given;
  try {
    // What a filter may hold depends on what it is applied to.
    const ordered = FilterPolicyScope === undefined ? others : { FilterPolicyScope, ...others };
    for (const [name, value] of Object.entries(ordered)) setAttribute({ attributes, endpoint }, name, value);
  } catch (error) {
    if (!(error instanceof AttributeMistake)) throw error;
    throw invalid(
      `Attributes Reason: ${error.message === "AttributeName" ? "Unknown attribute" : error.message}`,
    );
  }
  return attributes;
}

function checkEndpoint(protocol: string, endpoint: string): void {
  if (!PROTOCOLS.has(protocol))
    throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (protocol.startsWith("email") && !/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid("Email address");
  if (protocol.startsWith("http") && !endpoint.startsWith(`${protocol}://`))
    throw invalid("Endpoint must match the specified protocol");
  if (protocol === "sqs" && !/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w.-]+$/.test(endpoint))
    throw invalid("SQS endpoint ARN");
  if (protocol === "lambda" && !/^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w:$-]+$/.test(endpoint))
    throw invalid("Lambda endpoint ARN");
  if (protocol === "sms" && !/^\+?(\d[-./ ]?)*\d$/.test(endpoint))
    throw refused(`Invalid SMS endpoint: ${endpoint}`);
}
