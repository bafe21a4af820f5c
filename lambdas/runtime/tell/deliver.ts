import type { Context } from "../context.ts";
import type { NoticeDetail } from "../notice-event.ts";
import type { Audience, Tell, WebhookTarget } from "../notices.ts";
import { redactText } from "../redact.ts";
import { digest } from "../tokens.ts";
import { putNotice } from "./events.ts";
import { foldedText } from "./flood.ts";
import { type Admitted, admitMail } from "./flood-store.ts";
import { publishChat, publishMail } from "./topics.ts";
import { post } from "./webhook.ts";

/** A notice with everything that sending it needs; rendering is over. */
export interface Delivery {
  tell: Tell;
  detail: NoticeDetail;
  /** True: an outcome or a call for help. */
  urgent: boolean;
  /** The same for notices that say the same: a repetition within ten minutes is folded. */
  key: string;
  of(audience: Audience): { subject: string; text: string };
  bodyOf(webhook: WebhookTarget): unknown;
  topics: { notices: string; chat?: string };
}

/** What became of one target. */
export interface Sent {
  target: string;
  outcome: "sent" | "folded" | "failed";
  why?: string;
}

/**
 * Sends a notice everywhere it goes, side by side, and what failed by a second channel. Never throws and never takes
 * longer than two deadlines: whoever cannot be told does not hold up the rollback (AWS-FACTS §8).
 */
export async function deliver(given: Delivery, context: Context): Promise<Sent[]> {
  const { tell, detail } = given;
  const mails = [
    ...tell.audiences.filter(({ email }) => email).map(({ audience }) => ({ audience, listeners: audience })),
    ...(tell.rung ? [{ audience: "engineers" as const, listeners: tell.rung }] : []),
  ];
  const first = await Promise.all([
    ...mails.map(({ audience, listeners }) =>
      attempt(`e-mail to ${listeners}`, () => mail(given, context, audience, listeners)),
    ),
    ...tell.audiences
      .filter(({ chat }) => chat)
      .map(({ audience }) => attempt(`chat of ${audience}`, () => chat(given, audience))),
    ...tell.webhooks.map((webhook) =>
      attempt(`webhook ${webhook.id}`, () =>
        post(webhook, given.bodyOf(webhook), digest(`${detail.id} ${webhook.id}`, 32)),
      ),
    ),
    attempt("event", () => putNotice(detail)),
  ]);
  const failed = first.filter(({ outcome }) => outcome === "failed");
  if (failed.length === 0) return first;
  return [...first, ...(await secondChannel(given, failed, context))];
}

async function attempt(target: string, work: () => Promise<unknown>): Promise<Sent> {
  try {
    const said = await work();
    return { target, outcome: said === "folded" ? "folded" : "sent" };
  } catch (error) {
    return { target, outcome: "failed", why: redactText((error as Error).message) };
  }
}

async function mail(
  { tell, detail, urgent, key, of, topics }: Delivery,
  context: Context,
  audience: Audience,
  listeners: string,
): Promise<"folded" | undefined> {
  const { subject, text } = of(audience);
  const { service, at } = detail;
  let admitted: Admitted = { send: true, folded: [], foldedCount: 0 };
  try {
    admitted = await admitMail(
      { table: context.tableName, service, audience: listeners, mostPerMinute: tell.mostPerMinute },
      { subject, key, urgent, at },
      context.now(),
    );
  } catch (error) {
    // Without its memory the guard lets everything through: one run's notices are few, and silence is worse.
    console.error(JSON.stringify({ floodGuard: (error as Error).message, audience: listeners }));
  }
  if (!admitted.send) return "folded";
  await publishMail(topics.notices, listeners, {
    subject,
    text: text + foldedText(admitted.folded, admitted.foldedCount),
  });
  return undefined;
}

async function chat({ detail, of, topics }: Delivery, audience: Audience): Promise<void> {
  if (!topics.chat) throw new Error("the stack has no chat topic");
  const { id, run, service, moment } = detail;
  await publishChat(topics.chat, { id, run, service, moment, audience, ...of(audience) });
}

/**
 * A notice that did not get through takes another way: engineers are mailed which target it was and what it would have
 * said; when it is their own mail that failed, chat or a webhook carries it, and an event tells other tools.
 */
async function secondChannel(given: Delivery, failed: Sent[], context: Context): Promise<Sent[]> {
  const { detail, tell, topics } = given;
  const unreached = failed.map(({ target, why }) => `${target}: ${why ?? "?"}`);
  const mailFailed = failed.some(({ target }) => target.startsWith("e-mail"));
  const { subject, text } = given.of("engineers");
  const note = [
    `This notice of run ${detail.run} did not reach everybody:`,
    ...unreached.map((line) => `  ${line}`),
    "The run went on. What it said:",
    "",
    subject,
    "",
    text,
  ].join("\n");
  const ways: Promise<Sent>[] = [];
  if (!mailFailed)
    ways.push(
      attempt("second channel: e-mail to engineers", () =>
        mail(
          {
            ...given,
            key: `unreached ${given.key}`,
            of: () => ({
              subject: `[${detail.service}] not everybody could be told: ${detail.moment}`.slice(0, 99),
              text: note,
            }),
          },
          context,
          "engineers",
          "engineers",
        ),
      ),
    );
  else {
    if (topics.chat)
      ways.push(
        attempt("second channel: chat", () =>
          chat({ ...given, of: () => ({ subject, text: note }) }, "engineers"),
        ),
      );
    const webhook = tell.webhooks.find(
      ({ id, audience }) =>
        audience === "engineers" && !failed.some(({ target }) => target === `webhook ${id}`),
    );
    if (webhook)
      ways.push(
        attempt(`second channel: webhook ${webhook.id}`, () =>
          post(webhook, { text: note }, digest(`${detail.id} ${webhook.id} second`, 32)),
        ),
      );
  }
  ways.push(
    attempt("second channel: event", () => putNotice({ ...detail, id: `${detail.id}-unreached`, unreached })),
  );
  return Promise.all(ways);
}
