import { sendMail } from "../../engines/mail.ts";
import type { World } from "../../world.ts";
import { compilePattern } from "../events/pattern/index.ts";
import type { Message } from "./message.ts";
import type { Subscription } from "./state.ts";

/** E-mails a second to one subscription; above it SNS suspends the subscription (AWS-FACTS §6). */
const MAILS_A_SECOND = 10;

/** Delivers one message to one subscription, if its filter lets it through. */
export async function deliver(world: World, subscription: Subscription, message: Message): Promise<void> {
  if (subscription.suspended || !passesFilter(subscription, message)) return;
  const body = message.bodies[subscription.protocol] ?? message.bodies["default"]!;
  const principal = { type: "service" as const, service: "sns.amazonaws.com", sourceArn: message.topicArn };
  const raw = subscription.attributes.get("RawMessageDelivery") === "true";
  try {
    switch (subscription.protocol) {
      case "email":
      case "email-json":
        return await mail(world, subscription, message, body);
      case "sqs": {
        const QueueUrl = `${world.endpoint}/${subscription.endpoint.split(":")[4]}/${subscription.endpoint.split(":")[5]}`;
        const MessageAttributes = raw ? message.attributes : undefined;
        await world.call({
          service: "sqs",
          operation: "SendMessage",
          principal,
          input: {
            QueueUrl,
            MessageBody: raw ? body : JSON.stringify(envelope(world, subscription, message, body)),
            MessageAttributes,
          },
        });
        return;
      }
      case "lambda": {
        const Records = [
          {
            EventSource: "aws:sns",
            EventVersion: "1.0",
            EventSubscriptionArn: subscription.arn,
            Sns: lambdaEnvelope(world, subscription, message, body),
          },
        ];
        await world.call({
          service: "lambda",
          operation: "Invoke",
          principal,
          input: {
            FunctionName: subscription.endpoint,
            InvocationType: "Event",
            Payload: Buffer.from(JSON.stringify({ Records })),
          },
        });
        return;
      }
      case "http":
      case "https": {
        const answer = await fetch(subscription.endpoint, {
          method: "POST",
          headers: {
            "content-type": "text/plain; charset=UTF-8",
            "x-amz-sns-message-type": "Notification",
            "x-amz-sns-topic-arn": message.topicArn,
            "x-amz-sns-message-id": message.id,
          },
          body: raw ? body : JSON.stringify(envelope(world, subscription, message, body)),
        });
        if (!answer.ok) throw new Error(`it answered ${answer.status}`);
        return;
      }
      default:
        throw new Error(`the sandbox delivers nothing over ${subscription.protocol}`);
    }
  } catch (error) {
    await deadLetter(world, subscription, message, body);
    throw error;
  }
}

async function mail(world: World, subscription: Subscription, message: Message, body: string): Promise<void> {
  const now = world.clock.now();
  subscription.recent = [...subscription.recent.filter((at) => now - at < 1000), now];
  if (subscription.recent.length > MAILS_A_SECOND) {
    subscription.suspended = true;
    world.log(
      "sns",
      `${subscription.endpoint} got more than ${MAILS_A_SECOND} mails in a second: SNS suspended the subscription`,
    );
    return;
  }
  const query = new URLSearchParams({ Action: "Unsubscribe", SubscriptionArn: subscription.arn });
  const text =
    subscription.protocol === "email-json"
      ? JSON.stringify(envelope(world, subscription, message, body))
      : `${body}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n` +
        `${world.endpoint}/?${query}\n\nPlease do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support\n`;
  await sendMail(world, {
    to: subscription.endpoint,
    subject: message.subject ?? "AWS Notification Message",
    text,
  });
}

function envelope(world: World, subscription: Subscription, message: Message, body: string) {
  const attributes = Object.entries(message.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString("base64") },
    ],
  );
  return {
    Type: "Notification",
    MessageId: message.id,
    TopicArn: message.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: body,
    Timestamp: new Date(message.at).toISOString(),
    SignatureVersion: "1",
    Signature: "sandbox",
    SigningCertURL: `${world.endpoint}/SimpleNotificationService.pem`,
    UnsubscribeURL: `${world.endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
  };
}

/** Lambda spells two fields differently and always has the rest. */
function lambdaEnvelope(world: World, subscription: Subscription, message: Message, body: string) {
  const { SigningCertURL, UnsubscribeURL, ...rest } = envelope(world, subscription, message, body);
  return {
    ...rest,
    Subject: message.subject ?? null,
    MessageAttributes: rest.MessageAttributes ?? {},
    SigningCertUrl: SigningCertURL,
    UnsubscribeUrl: UnsubscribeURL,
  };
}

function passesFilter({ attributes }: Subscription, message: Message): boolean {
  const policy = attributes.get("FilterPolicy");
  if (policy === undefined) return true;
  const matches = compilePattern(policy);
  if (attributes.get("FilterPolicyScope") === "MessageBody") {
    try {
      return matches(JSON.parse(message.bodies["default"]!));
    } catch {
      return false; // a body that is no JSON matches no filter on it
    }
  }
  const values = Object.entries(message.attributes).map(([name, { DataType, StringValue = "" }]) => [
    name,
    DataType === "Number"
      ? Number(StringValue)
      : DataType?.startsWith("String.Array")
        ? JSON.parse(StringValue)
        : StringValue,
  ]);
  return matches(Object.fromEntries(values));
}

async function deadLetter(
  world: World,
  subscription: Subscription,
  message: Message,
  body: string,
): Promise<void> {
  const policy = subscription.attributes.get("RedrivePolicy");
  if (policy === undefined) return;
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
  const QueueUrl = `${world.endpoint}/${deadLetterTargetArn.split(":")[4]}/${deadLetterTargetArn.split(":")[5]}`;
  await world.call({
    service: "sqs",
    operation: "SendMessage",
    principal: { type: "service", service: "sns.amazonaws.com", sourceArn: message.topicArn },
    input: { QueueUrl, MessageBody: JSON.stringify(envelope(world, subscription, message, body)) },
  });
}
