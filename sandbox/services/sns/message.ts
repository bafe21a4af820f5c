import { invalid } from "./errors.ts";
import { checkAttributes, type MessageAttributes, sizeOf } from "./message-attributes.ts";
import { isFifo, type Topic } from "./state.ts";

/** Bytes of body and attributes together. */
export const LARGEST = 262_144;

/** A message that was accepted. */
export interface Message {
  id: string;
  topicArn: string;
  subject: string | undefined;
  /** By protocol; `default` always there. */
  bodies: Record<string, string>;
  attributes: MessageAttributes;
  /** Sandbox time. */
  at: number;
  /** `1` or `2`, as the topic says. */
  signatureVersion: string;
  displayName: string;
  group: string | undefined;
  /** Of a FIFO topic. */
  fifo: { deduplication: string; sequence: string } | undefined;
}

/** The members of Publish and of an entry of PublishBatch that make the message. */
export interface Given {
  Message?: string | undefined;
  Subject?: string | undefined;
  MessageStructure?: string | undefined;
  MessageAttributes?: MessageAttributes | undefined;
  MessageGroupId?: string | undefined;
  MessageDeduplicationId?: string | undefined;
}

/** Checks a message as SNS does; throws its refusal. Returns the bodies by protocol. */
export function checkMessage(topic: Topic, given: Given, path?: string): Record<string, string> {
  const text = given.Message ?? "";
  if (text === "") throw invalid("Empty message");
  const attributes = given.MessageAttributes ?? {};
  checkAttributes(attributes, path);
  if (sizeOfMessage(given) > LARGEST) throw invalid("Message too long");
  // Up to 100 printable ASCII characters, the first of them no space.
  if (given.Subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(given.Subject))
    throw invalid("Subject");
  const bodies = bodiesIn(given, text);
  if (isFifo(topic)) {
    if (!given.MessageGroupId) throw invalid("The MessageGroupId parameter is required for FIFO topics");
    if (!given.MessageDeduplicationId && topic.attributes.get("ContentBasedDeduplication") !== "true")
      throw invalid(
        "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
  } else if (given.MessageDeduplicationId)
    throw invalid(
      "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
    );
  return bodies;
}

function bodiesIn({ MessageStructure }: Given, text: string): Record<string, string> {
  if (MessageStructure === undefined) return { default: text };
  if (MessageStructure !== "json") throw invalid(`Invalid MessageStructure: ${MessageStructure}`);
  return bodiesOf(text);
}

/** Bytes of a message with its attributes. */
export const sizeOfMessage = ({ Message = "", MessageAttributes = {} }: Given) =>
  Buffer.byteLength(Message) + sizeOf(MessageAttributes);

function bodiesOf(text: string): Record<string, string> {
  let bodies: unknown;
  try {
    bodies = JSON.parse(text);
  } catch {
    throw invalid("Message Structure - JSON message body failed to parse");
  }
  // What is no text is as good as not there.
  const texts = Object.entries(bodies ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (!texts.some(([protocol]) => protocol === "default"))
    throw invalid("Message Structure - No default entry in JSON message body");
  return Object.fromEntries(texts);
}
