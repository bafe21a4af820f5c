import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

export interface Topic {
  arn: string;
  name: string;
  attributes: Map<string, string>;
  tags: Map<string, string>;
  sequence: number;
}

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  attributes: Map<string, string>;
  confirmed: boolean;
  token: string;
  /** Sandbox times of the newest e-mails, for the limit of ten a second. */
  recent: number[];
  /** SNS suspends an e-mail subscription above its rate; nothing more is delivered. */
  suspended: boolean;
}

export const snsState = stateOf(() => ({
  topics: new Map<string, Topic>(),
  subscriptions: new Map<string, Subscription>(),
}));

/** The topic, or NotFound as SNS words it; an ARN that is none is an InvalidParameter. */
export function topicNamed(world: World, arn: string | undefined, field = "TopicArn"): Topic {
  if (!/^arn:aws[\w-]*:sns:[\w-]*:\d*:[^:]+$/.test(arn ?? "")) {
    const parts = (arn ?? "").split(":").length;
    throw new ServiceException(
      "InvalidParameterException",
      `Invalid parameter: ${field} Reason: ${parts < 6 ? `An ARN must have at least 6 elements, not ${parts}` : "Invalid topic ARN"}`,
    );
  }
  const topic = snsState(world).topics.get(arn!);
  if (!topic) throw new ServiceException("NotFoundException", "Topic does not exist");
  return topic;
}

export function subscriptionNamed(world: World, arn: string | undefined): Subscription {
  const subscription = snsState(world).subscriptions.get(arn ?? "");
  if (!subscription) throw new ServiceException("NotFoundException", "Subscription does not exist");
  return subscription;
}

export const topicArn = (world: World, name: string) => world.arn("sns", name);
