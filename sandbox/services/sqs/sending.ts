import { createHash, randomUUID } from "node:crypto";
import type { SendMessageCommandInput, SendMessageResult } from "@aws-sdk/client-sqs";
import { callerArn } from "../../front/iam/principal.ts";
import { type Call, ServiceException } from "../../service.ts";
import {
  attributeSeconds,
  DEFAULTS,
  isFifo,
  md5,
  md5OfAttributes,
  type Queue,
  sqsState,
  wake,
} from "./state.ts";

const DEDUPLICATION_WINDOW = 300_000;

type Entry = Omit<SendMessageCommandInput, "QueueUrl">;

/** Puts one message into a queue. */
export function send(queue: Queue, entry: Entry, call: Call): SendMessageResult {
  const { world } = call;
  const body = entry.MessageBody ?? "";
  const largest = Number(queue.attributes.get("MaximumMessageSize") ?? DEFAULTS["MaximumMessageSize"]);
  if (body === "")
    throw new ServiceException("MissingParameter", "The request must contain the parameter MessageBody.");
  if (Buffer.byteLength(body) > largest)
    throw new ServiceException(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${largest} bytes.`,
    );
  const attributes = entry.MessageAttributes ?? {};
  const answer = { MD5OfMessageBody: md5(body), MD5OfMessageAttributes: md5OfAttributes(attributes) };
  const now = world.clock.now();
  const deduplication = deduplicationOf(queue, entry, body);
  const before = deduplication ? queue.deduplicated.get(deduplication) : undefined;
  if (before && now - before.at < DEDUPLICATION_WINDOW)
    return { ...answer, MessageId: before.id, SequenceNumber: before.sequence };
  const id = randomUUID();
  const sequence = isFifo(queue) ? String(++sqsState(world).sequence).padStart(20, "1") : undefined;
  if (deduplication) queue.deduplicated.set(deduplication, { at: now, id, sequence: sequence ?? "" });
  queue.messages.push({
    id,
    body,
    attributes,
    sentAt: now,
    visibleAt: now + (entry.DelaySeconds ?? attributeSeconds(queue, "DelaySeconds")) * 1000,
    firstReceivedAt: undefined,
    received: 0,
    receipt: undefined,
    sender: callerArn(world, call.principal),
    group: entry.MessageGroupId,
    deduplication,
    sequence,
    movedFrom: undefined,
  });
  wake(queue);
  return { ...answer, MessageId: id, SequenceNumber: sequence };
}

function deduplicationOf(queue: Queue, entry: Entry, body: string): string | undefined {
  if (!isFifo(queue)) return undefined;
  if (!entry.MessageGroupId)
    throw new ServiceException("MissingParameter", "The request must contain the parameter MessageGroupId.");
  if (entry.MessageDeduplicationId) return entry.MessageDeduplicationId;
  if (queue.attributes.get("ContentBasedDeduplication") === "true")
    return createHash("sha256").update(body).digest("hex");
  throw new ServiceException(
    "InvalidParameterValue",
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}
