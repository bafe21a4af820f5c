import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { bodyFor, envelope, lambdaEnvelope } from "./envelope.ts";
import { passes } from "./filter.ts";
import { notify } from "./http.ts";
import { mailNotification } from "./mail.ts";
import type { Message } from "./message.ts";
import { metric } from "./metrics.ts";
import { type Subscription, snsState } from "./state.ts";
import { isFifoQueue } from "./subscription-attributes.ts";
import { Undeliverable } from "./undeliverable.ts";

/** Seconds before each further attempt: at once, then slower, as SNS does to AWS's own endpoints in its first minutes. */
const AWS_DELAYS = [0, 0, 0, 1, 1, 1, 2, 4, 8, 16, 20, 20, 20, 20, 20];
/** The default policy for HTTP: three retries, 20 seconds apart. */
const HTTP_DELAYS = [20, 20, 20];
/** Errors of the receiver's own making: SNS calls them client errors and never tries again. */
const HOPELESS = /AccessDenied|AuthorizationError|NotFound|DoesNotExist|NonExistent|InvalidParameter|KMS/i;

/**
 * Delivers one message to one subscription if its filter lets it through: tried again while that can help, then put
 * into the subscription's dead-letter queue. Never rejects; what was not delivered is in the log and in `AWS/SNS`.
 */
export async function deliver(world: World, subscription: Subscription, message: Message): Promise<void> {
  try {
    if (!passes(subscription, message)) {
      metric(world, message.topicArn, "NumberOfNotificationsFilteredOut");
      return;
    }
    await withRetries(world, subscription, message);
    metric(world, message.topicArn, "NumberOfNotificationsDelivered");
  } catch (error) {
    if (snsState(world).stopped.aborted) return;
    metric(world, message.topicArn, "NumberOfNotificationsFailed");
    world.log(
      "sns",
      `message ${message.id} of ${message.topicArn} did not reach ${subscription.protocol} ${subscription.endpoint}: ${(error as Error).message}`,
    );
    await deadLetter(world, subscription, message);
  }
}

async function withRetries(world: World, subscription: Subscription, message: Message): Promise<void> {
  const delays = subscription.protocol.startsWith("http") ? HTTP_DELAYS : AWS_DELAYS;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(world, subscription, message);
    } catch (error) {
      const hopeless =
        error instanceof Undeliverable || (error instanceof ServiceException && HOPELESS.test(error.code));
      if (hopeless || attempt >= delays.length) throw error;
      await world.clock.sleep(delays[attempt]! * 1000, snsState(world).stopped);
    }
  }
}

async function once(world: World, subscription: Subscription, message: Message): Promise<void> {
  switch (subscription.protocol) {
    case "email":
    case "email-json":
      return mailNotification(world, subscription, message);
    case "sqs":
      return toQueue(world, subscription.endpoint, subscription, message);
    case "lambda": {
      const Sns = lambdaEnvelope(world, subscription, message);
      const Records = [
        { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: subscription.arn, Sns },
      ];
      await world.call({
        service: "lambda",
        operation: "Invoke",
        principal: asService(message),
        input: {
          FunctionName: subscription.endpoint,
          InvocationType: "Event",
          Payload: Buffer.from(JSON.stringify({ Records })),
        },
      });
      return;
    }
    case "http":
    case "https":
      return notify(world, subscription, message);
    default:
      throw new Undeliverable(`the sandbox delivers nothing over ${subscription.protocol}`);
  }
}

const asService = ({ topicArn }: Message) => ({
  type: "service" as const,
  service: "sns.amazonaws.com",
  sourceArn: topicArn,
});

/** Raw: the body and the attributes as they are; otherwise a JSON envelope. */
async function toQueue(
  world: World,
  queueArn: string,
  subscription: Subscription,
  message: Message,
): Promise<void> {
  const raw = subscription.attributes.get("RawMessageDelivery") === "true";
  const [, , , , account, name] = queueArn.split(":");
  // A FIFO topic's order and its taking a message once end where a standard queue begins.
  const ordered = !message.fifo || isFifoQueue(queueArn);
  await world.call({
    service: "sqs",
    operation: "SendMessage",
    principal: asService(message),
    input: {
      QueueUrl: `${world.endpoint}/${account}/${name}`,
      MessageBody: raw
        ? bodyFor(message, subscription.protocol)
        : JSON.stringify(envelope(world, subscription, message)),
      ...(raw && Object.keys(message.attributes).length > 0 ? { MessageAttributes: message.attributes } : {}),
      ...(message.group && ordered ? { MessageGroupId: message.group } : {}),
      ...(message.fifo && ordered ? { MessageDeduplicationId: message.fifo.deduplication } : {}),
    },
  });
}

async function deadLetter(world: World, subscription: Subscription, message: Message): Promise<void> {
  const policy = subscription.attributes.get("RedrivePolicy");
  if (policy === undefined) return;
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
  try {
    await toQueue(world, deadLetterTargetArn, subscription, message);
    metric(world, message.topicArn, "NumberOfNotificationsRedrivenToDlq");
  } catch (error) {
    metric(world, message.topicArn, "NumberOfNotificationsFailedToRedriveToDlq");
    world.log(
      "sns",
      `message ${message.id} did not reach the dead-letter queue ${deadLetterTargetArn} either and is lost: ${(error as Error).message}`,
    );
  }
}
