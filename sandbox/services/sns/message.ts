import { randomUUID } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { deliver } from "./deliver.ts";
import { snsState, type Topic } from "./state.ts";

const LARGEST = 262_144;

/** A message that was accepted. */
export interface Message {
  id: string;
  topicArn: string;
  subject: string | undefined;
  /** By protocol; `default` always there. */
  bodies: Record<string, string>;
  attributes: Record<string, MessageAttributeValue>;
  at: number;
}

/** Checks a message as SNS does and hands it to every confirmed subscription; returns its id. */
export function publish(
  world: World,
  topic: Topic,
  given: {
    Message?: string | undefined;
    Subject?: string | undefined;
    MessageStructure?: string | undefined;
    MessageAttributes?: Record<string, MessageAttributeValue> | undefined;
  },
): string {
  const text = given.Message ?? "";
  if (text === "")
    throw new ServiceException("InvalidParameterException", "Invalid parameter: Empty message");
  if (Buffer.byteLength(text) > LARGEST)
    throw new ServiceException("InvalidParameterException", "Invalid parameter: Message too long");
  if (
    given.Subject !== undefined &&
    (given.Subject === "" ||
      given.Subject.length > 100 ||
      !/^[\x20-\x7e]+$/.test(given.Subject) ||
      /^\s/.test(given.Subject))
  )
    throw new ServiceException("InvalidParameterException", "Invalid parameter: Subject");
  let bodies: Record<string, string> = { default: text };
  if (given.MessageStructure === "json") {
    try {
      bodies = JSON.parse(text) as Record<string, string>;
    } catch {
      throw new ServiceException(
        "InvalidParameterException",
        "Invalid parameter: Message Structure - JSON message body failed to parse",
      );
    }
    if (typeof bodies["default"] !== "string")
      throw new ServiceException(
        "InvalidParameterException",
        "Invalid parameter: Message Structure - No default entry in JSON message body",
      );
  }
  const message: Message = {
    id: randomUUID(),
    topicArn: topic.arn,
    subject: given.Subject,
    bodies,
    attributes: given.MessageAttributes ?? {},
    at: world.clock.now(),
  };
  for (const subscription of snsState(world).subscriptions.values()) {
    if (subscription.topicArn !== topic.arn || !subscription.confirmed) continue;
    deliver(world, subscription, message).catch((error: Error) =>
      world.log(
        "sns",
        `a message to ${subscription.protocol} ${subscription.endpoint} was not delivered: ${error.message}`,
      ),
    );
  }
  return message.id;
}
