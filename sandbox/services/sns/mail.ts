import { sendMail } from "../../engines/mail.ts";
import type { World } from "../../world.ts";
import { bodyFor, envelope, unsubscribeUrl } from "./envelope.ts";
import type { Message } from "./message.ts";
import type { Subscription } from "./state.ts";
import { Undeliverable } from "./undeliverable.ts";

/** E-mails a second to one subscription; above it SNS suspends the subscription (AWS-FACTS §6). */
const MAILS_A_SECOND = 10;

/** Sends a notification by mail. Throws when the subscription is suspended, and suspends it above its rate. */
export async function mailNotification(
  world: World,
  subscription: Subscription,
  message: Message,
): Promise<void> {
  countMail(world, subscription);
  const text =
    subscription.protocol === "email-json"
      ? JSON.stringify(envelope(world, subscription, message))
      : `${bodyFor(message, "email")}\n\n--\n` +
        "If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n" +
        `${unsubscribeUrl(world, subscription)}&Endpoint=${encodeURIComponent(subscription.endpoint)}\n\n` +
        "Please do not reply directly to this email. If you have any questions or comments regarding this email, " +
        "please contact us at https://aws.amazon.com/support\n";
  await sendMail(world, {
    to: subscription.endpoint,
    sender: message.displayName,
    subject: message.subject ?? "AWS Notification Message",
    text,
  });
}

function countMail(world: World, subscription: Subscription): void {
  if (subscription.suspended)
    throw new Undeliverable("the subscription is suspended after more than ten mails in a second");
  const now = world.clock.now();
  subscription.recent = [...subscription.recent.filter((at) => now - at < 1000), now];
  if (subscription.recent.length <= MAILS_A_SECOND) return;
  subscription.suspended = true;
  world.log(
    "sns",
    `${subscription.endpoint} got more than ${MAILS_A_SECOND} mails in a second: SNS suspended it`,
    {
      subscription: subscription.arn,
    },
  );
  throw new Undeliverable("more than ten mails in a second: the subscription is now suspended");
}
