import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { stateOf, type World } from "../../world.ts";

/** Members that are signed, in the order AWS signs them in. */
const MEMBERS = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

const keys = stateOf((): { key: KeyObject; id: string } => ({
  key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
  id: randomBytes(16).toString("hex"),
}));

/**
 * Signs a message as SNS does (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html):
 * version 1 with SHA1, version 2 with SHA256. The key is this world's own.
 */
export function sign(world: World, message: Record<string, unknown>, version: string): string {
  const text = MEMBERS.filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${message[name]}\n`)
    .join("");
  return createSign(version === "2" ? "RSA-SHA256" : "RSA-SHA1")
    .update(text)
    .sign(keys(world).key, "base64");
}

/** Where AWS serves the certificate of the key; the sandbox serves none. */
export const certificateUrl = (world: World) =>
  `${world.endpoint}/SimpleNotificationService-${keys(world).id}.pem`;
