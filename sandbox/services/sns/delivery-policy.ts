import type { Subscription, Topic } from "./state.ts";

/**
 * Policies of HTTP deliveries: what a topic or subscription was given, and what holds when it is laid over the rest
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html).
 */
interface TopicPolicy {
  defaultHealthyRetryPolicy?: object;
  defaultRequestPolicy?: { headerContentType?: string };
  disableSubscriptionOverrides?: boolean;
}
interface SubscriptionPolicy {
  healthyRetryPolicy?: object | null;
  sicklyRetryPolicy?: object | null;
  throttlePolicy?: object | null;
  requestPolicy?: { headerContentType?: string } | null;
  guaranteed?: boolean;
}

const RETRIES = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: "linear",
};
const PLAIN = { headerContentType: "text/plain; charset=UTF-8" };

const ofTopic = (topic: Topic | undefined): TopicPolicy => {
  const { http = {} } = JSON.parse(topic?.attributes.get("DeliveryPolicy") ?? "{}") as { http?: TopicPolicy };
  return http;
};

/** A topic's policy as SNS shows it: the parts it was given, and whether subscriptions may have their own. */
export function topicPolicy(text: string): string {
  const { http = {} } = JSON.parse(text) as { http?: TopicPolicy | null };
  const {
    defaultHealthyRetryPolicy,
    defaultRequestPolicy,
    disableSubscriptionOverrides = false,
  } = http ?? {};
  return JSON.stringify({
    http: {
      ...(defaultHealthyRetryPolicy ? { defaultHealthyRetryPolicy } : {}),
      disableSubscriptionOverrides,
      ...(defaultRequestPolicy ? { defaultRequestPolicy } : {}),
    },
  });
}

/** What holds for a topic's HTTP subscriptions that have no policy of their own. */
export function effectiveTopicPolicy(topic: Topic): string {
  const policy = ofTopic(topic);
  return JSON.stringify({
    http: {
      defaultHealthyRetryPolicy: { ...RETRIES, ...policy.defaultHealthyRetryPolicy },
      disableSubscriptionOverrides: policy.disableSubscriptionOverrides ?? false,
      defaultRequestPolicy: { ...PLAIN, ...policy.defaultRequestPolicy },
    },
  });
}

/** A subscription's policy as SNS shows it: every part, with null for those it was not given. */
export function subscriptionPolicy(text: string): string {
  const given = JSON.parse(text) as SubscriptionPolicy;
  return JSON.stringify({
    healthyRetryPolicy: given.healthyRetryPolicy ?? null,
    sicklyRetryPolicy: given.sicklyRetryPolicy ?? null,
    throttlePolicy: given.throttlePolicy ?? null,
    requestPolicy: given.requestPolicy ?? null,
    guaranteed: given.guaranteed ?? false,
  });
}

/** What holds for a subscription: its own parts, then its topic's. */
export function effectiveSubscriptionPolicy(
  { attributes }: Subscription,
  topic: Topic | undefined,
): Required<SubscriptionPolicy> {
  const own = JSON.parse(attributes.get("DeliveryPolicy") ?? "{}") as SubscriptionPolicy;
  const policy = ofTopic(topic);
  return {
    healthyRetryPolicy: own.healthyRetryPolicy ?? { ...RETRIES, ...policy.defaultHealthyRetryPolicy },
    sicklyRetryPolicy: own.sicklyRetryPolicy ?? null,
    throttlePolicy: own.throttlePolicy ?? null,
    requestPolicy: own.requestPolicy ?? { ...PLAIN, ...policy.defaultRequestPolicy },
    guaranteed: own.guaranteed ?? false,
  };
}
