import { createHash, randomUUID } from "node:crypto";
import type { World } from "../../world.ts";
import { deliver } from "./deliver.ts";
import { invalid } from "./errors.ts";
import { checkAttributes, type MessageAttributes, sizeOf } from "./message-attributes.ts";
import { metric } from "./metrics.ts";
import { isFifo, subscriptionsOf, type Topic } from "./state.ts";

/** Bytes of body and attributes together. */
export const LARGEST = 262_144;
const DEDUPLICATION_WINDOW = 300_000;

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
  if (given.MessageStructure === undefined) return { default: text };
  if (given.MessageStructure !== "json") throw invalid(`Invalid MessageStructure: ${given.MessageStructure}`);
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

/** Takes a message and hands it to every confirmed subscription in the background; a FIFO duplicate goes nowhere. */
export function publish(
  world: World,
  topic: Topic,
  given: Given,
  path?: string,
): { MessageId: string; SequenceNumber?: string } {
  const bodies = checkMessage(topic, given, path);
  const id = randomUUID();
  const fifo = isFifo(topic) ? sequenced(world, topic, given, id) : undefined;
  if (fifo?.before) return { MessageId: fifo.before.id, SequenceNumber: fifo.before.sequence };
  const message: Message = {
    id,
    topicArn: topic.arn,
    subject: given.Subject,
    bodies,
    attributes: given.MessageAttributes ?? {},
    at: world.clock.now(),
    signatureVersion: topic.attributes.get("SignatureVersion") ?? "1",
    displayName: topic.attributes.get("DisplayName") ?? "",
    group: given.MessageGroupId,
    fifo,
  };
  metric(world, topic.arn, "NumberOfMessagesPublished");
  for (const subscription of subscriptionsOf(world, topic.arn))
    if (subscription.confirmed) void deliver(world, subscription, message);
  return fifo ? { MessageId: id, SequenceNumber: fifo.sequence } : { MessageId: id };
}

function sequenced(world: World, topic: Topic, given: Given, id: string) {
  const now = world.clock.now();
  const deduplication =
    given.MessageDeduplicationId ||
    createHash("sha256")
      .update(given.Message ?? "")
      .digest("hex");
  const before = topic.deduplicated.get(deduplication);
  if (before && now - before.at < DEDUPLICATION_WINDOW)
    return { deduplication, sequence: before.sequence, before };
  const sequence = `1${String(++topic.sequence).padStart(19, "0")}`;
  topic.deduplicated.set(deduplication, { at: now, id, sequence });
  return { deduplication, sequence, before: undefined };
}
