import { randomUUID } from "node:crypto";
import { sendMail } from "../../engines/mail.ts";
import type { World } from "../../world.ts";
import type { Subscription } from "./state.ts";

/** Asks the subscriber: a mail with a link, or a POST with the same link. Nothing is delivered before it was followed. */
export async function askForConfirmation(world: World, subscription: Subscription): Promise<void> {
  const query = new URLSearchParams({
    Action: "ConfirmSubscription",
    TopicArn: subscription.topicArn,
    Token: subscription.token,
  });
  const SubscribeURL = `${world.endpoint}/?${query}`;
  if (subscription.protocol.startsWith("email")) {
    await sendMail(world, {
      to: subscription.endpoint,
      subject: "AWS Notification - Subscription Confirmation",
      text:
        `You have chosen to subscribe to the topic:\n${subscription.topicArn}\n\n` +
        `To confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n${SubscribeURL}\n`,
    });
    return;
  }
  const body = {
    Type: "SubscriptionConfirmation",
    MessageId: randomUUID(),
    Token: subscription.token,
    TopicArn: subscription.topicArn,
    Message: `You have chosen to subscribe to the topic ${subscription.topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL,
    Timestamp: new Date(world.clock.now()).toISOString(),
    SignatureVersion: "1",
  };
  fetch(subscription.endpoint, {
    method: "POST",
    headers: { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": body.Type },
    body: JSON.stringify(body),
  }).catch((error: Error) =>
    world.log("sns", `${subscription.endpoint} could not be asked for its confirmation: ${error.message}`),
  );
}
