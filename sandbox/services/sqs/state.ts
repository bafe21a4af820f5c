import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { PolicyDocument } from "../../front/iam/policy.ts";
import { type Call, ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** A message in a queue. Times are sandbox time, epoch milliseconds. */
export interface Message {
  id: string;
  body: string;
  attributes: Record<string, MessageAttributeValue>;
  sentAt: number;
  /** Not handed out before. */
  visibleAt: number;
  firstReceivedAt: number | undefined;
  received: number;
  /** The handle of the last receive; older handles may still delete. */
  receipt: string | undefined;
  sender: string;
  group: string | undefined;
  deduplication: string | undefined;
  sequence: string | undefined;
  /** ARN of the queue it was moved from by the redrive policy. */
  movedFrom: string | undefined;
}

export interface Queue {
  name: string;
  arn: string;
  url: string;
  createdAt: number;
  changedAt: number;
  /** As SetQueueAttributes has them, all text. */
  attributes: Map<string, string>;
  tags: Map<string, string>;
  messages: Message[];
  policy: PolicyDocument | undefined;
  /** FIFO: when each deduplication id was last taken. */
  deduplicated: Map<string, { at: number; id: string; sequence: string }>;
  /** Called when a message arrives or becomes visible earlier; long polls wait here. */
  waiting: Set<() => void>;
}

/** What a queue has unless told otherwise. */
export const DEFAULTS: Record<string, string> = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
};

export const sqsState = stateOf(() => ({ queues: new Map<string, Queue>(), sequence: 0 }));

/** The queue behind a URL; only its last part counts, since clients reach the sandbox by several host names. */
export function queueAt(world: World, url: string | undefined): Queue {
  const queue = sqsState(world).queues.get(url?.split("/").at(-1) ?? "");
  if (!queue) throw new ServiceException("QueueDoesNotExist", "The specified queue does not exist.");
  return queue;
}

export function queueByArn(world: World, arn: string): Queue | undefined {
  const queue = sqsState(world).queues.get(arn.split(":").at(-1) ?? "");
  return queue?.arn === arn ? queue : undefined;
}

/** ARN for IAM, also of a queue that does not exist. */
export const arnAt = (call: Call, url: string | undefined) =>
  call.world.arn("sqs", url?.split("/").at(-1) ?? "*");

export const attributeSeconds = (queue: Queue, name: string) =>
  Number(queue.attributes.get(name) ?? DEFAULTS[name] ?? 0);
export const isFifo = (queue: Queue) => queue.name.endsWith(".fifo");
export const md5 = (data: string | Uint8Array) => createHash("md5").update(data).digest("hex");

/** Wakes everybody who waits for a message of this queue. */
export function wake(queue: Queue): void {
  for (const each of queue.waiting) each();
}

/** Drops what is older than the retention period. */
export function expire(queue: Queue, now: number): void {
  const oldest = now - attributeSeconds(queue, "MessageRetentionPeriod") * 1000;
  queue.messages = queue.messages.filter((message) => message.sentAt > oldest);
}

/**
 * MD5 over message attributes as SQS defines it: sorted names; each name, type and value with its length before
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html).
 */
export function md5OfAttributes(attributes: Record<string, MessageAttributeValue>): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const sized = (data: string | Uint8Array) => {
    const bytes = Buffer.from(data as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const parts = names.flatMap((name) => {
    const { DataType = "String", StringValue, BinaryValue } = attributes[name]!;
    const binary = DataType.startsWith("Binary");
    return [
      sized(name),
      sized(DataType),
      Buffer.from([binary ? 2 : 1]),
      sized(binary ? (BinaryValue ?? "") : (StringValue ?? "")),
    ];
  });
  return md5(Buffer.concat(parts));
}
