import type { Message as Answer, ReceiveMessageCommandInput } from "@aws-sdk/client-sqs";
import { randomId, type World } from "../../world.ts";
import {
  attributeSeconds,
  expire,
  isFifo,
  type Message,
  md5,
  md5OfAttributes,
  type Queue,
  queueByArn,
  wake,
} from "./state.ts";

/** Takes up to `limit` visible messages out of sight and counts the receive; moves those received too often. */
export function take(world: World, queue: Queue, limit: number, visibility: number | undefined): Message[] {
  const now = world.clock.now();
  expire(queue, now);
  const hidden = (visibility ?? attributeSeconds(queue, "VisibilityTimeout")) * 1000;
  const taken: Message[] = [];
  const busyGroups = new Set(
    queue.messages
      .filter((each) => isFifo(queue) && each.received > 0 && each.visibleAt > now)
      .map((each) => each.group),
  );
  for (const message of [...queue.messages]) {
    if (taken.length >= limit) break;
    if (message.visibleAt > now || (isFifo(queue) && busyGroups.has(message.group))) continue;
    if (redrive(world, queue, message)) continue;
    message.received++;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + hidden;
    message.receipt = `${message.id}#${randomId(32)}`;
    taken.push(message);
  }
  return taken;
}

/** Moves a message that was received `maxReceiveCount` times to the dead-letter queue. */
function redrive(world: World, queue: Queue, message: Message): boolean {
  const policy = JSON.parse(queue.attributes.get("RedrivePolicy") ?? "{}") as {
    deadLetterTargetArn?: string;
    maxReceiveCount?: number | string;
  };
  if (!policy.deadLetterTargetArn || message.received < Number(policy.maxReceiveCount)) return false;
  const target = queueByArn(world, policy.deadLetterTargetArn);
  if (!target) return false;
  queue.messages = queue.messages.filter((each) => each !== message);
  target.messages.push({
    ...message,
    visibleAt: world.clock.now(),
    receipt: undefined,
    movedFrom: queue.arn,
  });
  wake(target);
  return true;
}

/** Resolves at the next arrival, when the next hidden message may be seen again, or at `deadline`. */
export function somethingNew(world: World, queue: Queue, deadline: number): Promise<void> {
  return new Promise((resolve) => {
    const next = Math.min(deadline, ...queue.messages.map((each) => each.visibleAt));
    const done = () => {
      cancel();
      queue.waiting.delete(done);
      resolve();
    };
    const cancel = world.clock.after(next - world.clock.now(), done);
    queue.waiting.add(done);
  });
}

/** A message as ReceiveMessage answers it, with the attributes asked for. */
export function answerOf(message: Message, input: ReceiveMessageCommandInput): Answer {
  const system: Record<string, string | undefined> = {
    SenderId: message.sender,
    SentTimestamp: String(Math.floor(message.sentAt)),
    ApproximateReceiveCount: String(message.received),
    ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedAt ?? 0)),
    MessageGroupId: message.group,
    MessageDeduplicationId: message.deduplication,
    SequenceNumber: message.sequence,
    DeadLetterQueueSourceArn: message.movedFrom,
  };
  const wanted = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])] as string[];
  const shown = Object.entries(system).filter(
    ([name, value]) => value !== undefined && (wanted.includes("All") || wanted.includes(name)),
  );
  const names = input.MessageAttributeNames ?? [];
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      names.some(
        (each) =>
          each === "All" ||
          each === ".*" ||
          each === name ||
          (each.endsWith(".*") && name.startsWith(each.slice(0, -1))),
      ),
    ),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: Buffer.from(message.receipt ?? "").toString("base64"),
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(shown.length > 0 ? { Attributes: Object.fromEntries(shown) as Record<string, string> } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }
      : {}),
  };
}
