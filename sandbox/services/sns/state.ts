import { stateOf, type World } from "../../world.ts";
import { invalid, notFound } from "./errors.ts";

export interface Topic {
  arn: string;
  name: string;
  region: string;
  attributes: Map<string, string>;
  tags: Map<string, string>;
  /** Of a FIFO topic. */
  sequence: number;
  /** Of a FIFO topic: message ids by deduplication id, with when they were taken. */
  deduplicated: Map<string, { at: number; id: string; sequence: string }>;
}

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  /** RawMessageDelivery, FilterPolicy, FilterPolicyScope, RedrivePolicy, DeliveryPolicy. */
  attributes: Map<string, string>;
  confirmed: boolean;
  /** Whether the confirmation was signed, or the subscriber was the account itself. */
  authenticated: boolean;
  /** ARN of who subscribed. */
  principal: string;
  token: string;
  /** Sandbox time. A token is good for two days. */
  askedAt: number;
  /** Sandbox times of the newest e-mails, for the limit of ten a second. */
  recent: number[];
  /** SNS suspends an e-mail subscription above its rate; nothing more is delivered. */
  suspended: boolean;
}

export const snsState = stateOf((world) => {
  const stopped = new AbortController();
  world.onStop(() => stopped.abort(new Error("the sandbox stopped")));
  return {
    topics: new Map<string, Topic>(),
    subscriptions: new Map<string, Subscription>(),
    /** Ends deliveries that wait for their next attempt. */
    stopped: stopped.signal,
  };
});

/** Refuses what is no ARN of a topic of the region that was asked, in SNS's words. */
export function checkTopicArn(arn: string | undefined, region: string, field = "TopicArn"): void {
  if (arn === undefined) throw invalid(`${field} Reason: no value for required parameter`);
  const parts = arn.split(":").length;
  if (parts < 6) throw invalid(`${field} Reason: An ARN must have at least 6 elements, not ${parts}`);
  if (!/^arn:aws[\w-]*:sns:[\w-]*:\d*:[^:]+$/.test(arn) || arn.split(":")[3] !== region) throw invalid(field);
}

/** The topic, or NotFound as SNS words it; an ARN that is none is an InvalidParameter. */
export function topicNamed(
  { world, region }: { world: World; region: string },
  arn: string | undefined,
  field = "TopicArn",
): Topic {
  checkTopicArn(arn, region, field);
  const topic = snsState(world).topics.get(arn!);
  if (!topic) throw notFound("Topic does not exist");
  return topic;
}

export function subscriptionNamed(world: World, arn: string | undefined): Subscription {
  const parts = (arn ?? "").split(":").length;
  if (parts < 6) throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts}`);
  const subscription = snsState(world).subscriptions.get(arn!);
  if (!subscription) throw notFound("Subscription does not exist");
  return subscription;
}

/** Confirmed and pending subscriptions of a topic. */
export const subscriptionsOf = (world: World, topicArn: string): Subscription[] =>
  [...snsState(world).subscriptions.values()].filter((each) => each.topicArn === topicArn);

export const topicArn = (world: World, name: string, region?: string) => world.arn("sns", name, { region });

export const isFifo = (topic: Topic) => topic.attributes.get("FifoTopic") === "true";
