import { createHash, randomUUID } from "node:crypto";
import type { World } from "../../world.ts";
import { deliver } from "./deliver.ts";
import { checkMessage, type Given, type Message } from "./message.ts";
import { metric } from "./metrics.ts";
import { isFifo, subscriptionsOf, type Topic } from "./state.ts";

/** Sandbox milliseconds in which a FIFO topic takes the same message once. */
const DEDUPLICATION_WINDOW = 300_000;

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
