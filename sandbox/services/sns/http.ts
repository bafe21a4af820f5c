import type { World } from "../../world.ts";
import { effectiveSubscriptionPolicy } from "./delivery-policy.ts";
import { bodyFor, envelope } from "./envelope.ts";
import type { Message } from "./message.ts";
import { type Subscription, snsState } from "./state.ts";
import { Undeliverable } from "./undeliverable.ts";

/** Seconds an endpoint has to answer. */
const TIMEOUT = 15;

/** POSTs a notification to an HTTP endpoint. */
export async function notify(world: World, subscription: Subscription, message: Message): Promise<void> {
  const raw = subscription.attributes.get("RawMessageDelivery") === "true";
  await post(world, subscription, "Notification", message.id, {
    body: raw
      ? bodyFor(message, subscription.protocol)
      : JSON.stringify(envelope(world, subscription, message)),
    headers: {
      "x-amz-sns-subscription-arn": subscription.arn,
      ...(raw ? { "x-amz-sns-rawdelivery": "true" } : {}),
    },
  });
}

/** POSTs to an endpoint with SNS's own headers; throws unless it answers with a success. */
export async function post(
  world: World,
  subscription: Subscription,
  type: string,
  id: string,
  { body, headers = {} }: { body: string; headers?: Record<string, string> },
): Promise<void> {
  const topic = snsState(world).topics.get(subscription.topicArn);
  const { requestPolicy } = effectiveSubscriptionPolicy(subscription, topic);
  const contentType = requestPolicy?.headerContentType ?? "text/plain; charset=UTF-8";
  const timeout = AbortSignal.timeout(world.clock.workMilliseconds(TIMEOUT));
  const answer = await fetch(subscription.endpoint, {
    method: "POST",
    signal: AbortSignal.any([timeout, snsState(world).stopped]),
    headers: {
      "content-type": contentType,
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": type,
      "x-amz-sns-message-id": id,
      "x-amz-sns-topic-arn": subscription.topicArn,
      ...headers,
    },
    body,
  });
  await answer.body?.cancel();
  if (answer.ok) return;
  const why = `${subscription.endpoint} answered ${answer.status}`;
  // The endpoint's own refusal; "too many requests" passes.
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) throw new Undeliverable(why);
  throw new Error(why);
}
