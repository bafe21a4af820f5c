import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { once } from "../clients.ts";
import { AUDIENCE_ATTRIBUTE } from "../notices.ts";

/** Quicker to give up than other calls: a second channel waits, and then the run. */
export const tellSettings = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 6_000, throwOnRequestTimeout: true },
} as const;

const sns = once(() => new SNSClient(tellSettings));

/** Mails everybody who listens to an audience (or a rung) of the plan's topic. */
export async function publishMail(
  topicArn: string,
  listeners: string,
  { subject, text }: { subject: string; text: string },
): Promise<void> {
  await sns().send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      Message: text,
      MessageAttributes: { [AUDIENCE_ATTRIBUTE]: { DataType: "String", StringValue: listeners } },
    }),
  );
}

/** Characters of a custom notification's title and description that chat clients show. */
const LONGEST = { title: 250, description: 3500 };

/**
 * Publishes a custom notification for Amazon Q Developer in chat applications; a run's notices make one thread.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export async function publishChat(
  topicArn: string,
  notice: {
    id: string;
    subject: string;
    text: string;
    run: string;
    service: string;
    moment: string;
    audience: string;
  },
): Promise<void> {
  const { id, subject, text, run, service, moment, audience } = notice;
  const custom = {
    version: "1.0",
    source: "custom",
    id,
    content: {
      textType: "client-markdown",
      title: subject.slice(0, LONGEST.title),
      description: text.slice(0, LONGEST.description),
      keywords: [service, moment],
    },
    metadata: {
      threadId: run,
      summary: subject.slice(0, LONGEST.title),
      eventType: `rollback-watchdog-${moment}`,
      additionalContext: { service, run, audience },
    },
  };
  await sns().send(
    new PublishCommand({
      TopicArn: topicArn,
      Message: JSON.stringify(custom),
      MessageAttributes: { [AUDIENCE_ATTRIBUTE]: { DataType: "String", StringValue: audience } },
    }),
  );
}
