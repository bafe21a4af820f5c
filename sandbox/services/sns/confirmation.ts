import { randomUUID } from "node:crypto";
import { sendMail } from "../../engines/mail.ts";
import type { World } from "../../world.ts";
import { post } from "./http.ts";
import { certificateUrl, sign } from "./signature.ts";
import { type Subscription, snsState } from "./state.ts";

/** Asks the subscriber: a mail with a link, or a POST with the same link. Nothing is delivered before it was followed. */
export async function askForConfirmation(world: World, subscription: Subscription): Promise<void> {
  const { topicArn, token } = subscription;
  const SubscribeURL = `${world.endpoint}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`;
  if (subscription.protocol === "email") {
    const displayName = snsState(world).topics.get(topicArn)?.attributes.get("DisplayName") ?? "";
    await sendMail(world, {
      to: subscription.endpoint,
      sender: displayName,
      subject: "AWS Notification - Subscription Confirmation",
      text:
        `You have chosen to subscribe to the topic:\n${topicArn}\n\n` +
        "To confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n" +
        `${SubscribeURL}\n\n` +
        "Please do not reply directly to this email. If you wish to remove yourself from receiving all future SNS " +
        "subscription confirmation requests please send an email to sns-opt-out\n",
    });
    return;
  }
  const id = randomUUID();
  const signed = {
    Type: "SubscriptionConfirmation",
    MessageId: id,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL,
    Timestamp: new Date(world.clock.now()).toISOString(),
  };
  const body = JSON.stringify({
    ...signed,
    SignatureVersion: "1",
    Signature: sign(world, signed, "1"),
    SigningCertURL: certificateUrl(world),
  });
  if (subscription.protocol === "email-json") {
    const subject = "AWS Notification - Subscription Confirmation";
    await sendMail(world, { to: subscription.endpoint, subject, text: body });
    return;
  }
  // The caller of Subscribe does not wait for the endpoint.
  post(world, subscription, signed.Type, id, { body }).catch((error: Error) =>
    world.log("sns", `${subscription.endpoint} could not be asked for its confirmation: ${error.message}`),
  );
}
