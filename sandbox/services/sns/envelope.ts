import type { World } from "../../world.ts";
import type { Message } from "./message.ts";
import { certificateUrl, sign } from "./signature.ts";
import type { Subscription } from "./state.ts";

/** The link at a notification's end; whoever has it may unsubscribe, so the call need not be signed. */
export const unsubscribeUrl = (world: World, { arn }: Subscription) =>
  `${world.endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`;

/** The body for a protocol: its own, or the default one. */
export const bodyFor = (message: Message, protocol: string) =>
  message.bodies[protocol] ?? message.bodies["default"]!;

/** A notification as queues, HTTP endpoints and JSON mails get it. FIFO topics sign nothing and count instead. */
export function envelope(world: World, subscription: Subscription, message: Message) {
  const attributes = Object.entries(message.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? []).toString("base64") },
    ],
  );
  const signed = {
    Type: "Notification",
    MessageId: message.id,
    ...(message.fifo ? { SequenceNumber: message.fifo.sequence } : {}),
    TopicArn: message.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: bodyFor(message, subscription.protocol),
    Timestamp: new Date(message.at).toISOString(),
  };
  return {
    ...signed,
    ...(message.fifo
      ? {}
      : {
          SignatureVersion: message.signatureVersion,
          Signature: sign(world, signed, message.signatureVersion),
          SigningCertURL: certificateUrl(world),
        }),
    UnsubscribeURL: unsubscribeUrl(world, subscription),
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
  };
}

/** The same for a function, which spells two members differently and always has the rest. */
export function lambdaEnvelope(world: World, subscription: Subscription, message: Message) {
  const { SigningCertURL, UnsubscribeURL, MessageAttributes, ...rest } = envelope(
    world,
    subscription,
    message,
  );
  return {
    ...rest,
    SigningCertUrl: SigningCertURL,
    Subject: message.subject ?? null,
    UnsubscribeUrl: UnsubscribeURL,
    MessageAttributes: MessageAttributes ?? {},
  };
}
