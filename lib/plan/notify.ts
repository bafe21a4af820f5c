import { z } from "zod";
import { AUDIENCES, PLAN_MOMENTS } from "../../lambdas/runtime/notices.ts";

/** Who is told, and who is called when nobody answers: the plan's keys `notify` and `escalation`. */
const Addresses = z.array(z.email());

const NoticeTemplate = z
  .strictObject({
    subject: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .describe("Liquid; one line of ASCII, cut at 99 characters"),
    text: z.string().min(1).max(8000).optional().describe("Liquid, for a plain mailbox"),
  })
  .describe("the plan's own words for one moment; what is not given stays the default");

const Moments = z.array(z.enum(PLAN_MOMENTS)).min(1);

const Audience = z.strictObject({
  email: Addresses.default([]).describe("addresses; each confirms once"),
  chat: z.boolean().default(false).describe("also to the plan's chat topic (notify.chat)"),
  moments: Moments.optional().describe("what this audience hears of; the usual ones unless given"),
  templates: z
    .partialRecord(z.enum(PLAN_MOMENTS), NoticeTemplate)
    .default({})
    .describe("by moment; the variables are in docs/notices.md, an unknown one is an error"),
});

const WEBHOOK_ID = /^[a-z][a-z0-9-]{0,39}$/;
const Id = z.string().regex(WEBHOOK_ID, "lower-case letters, digits and hyphens, at most 40");

const Webhook = z.strictObject({
  id: Id.describe("names it in notes and logs, where its address never stands"),
  url: z
    .union([
      z.url({ protocol: /^https$/, error: "an https URL" }),
      z.strictObject({ secret: z.string().min(1), member: z.string().min(1).default("url") }),
    ])
    .describe("https only; `{secret, member}` when the URL itself is the secret"),
  token: z
    .strictObject({
      secret: z.string().min(1).describe("name or ARN in Secrets Manager"),
      member: z.string().min(1).default("token").describe("member of the secret's JSON"),
      header: z.string().min(1).default("authorization").describe("name of the header"),
      prefix: z.string().default("Bearer ").describe("put before the token"),
    })
    .optional()
    .describe("put into a header when it is sent; never logged"),
  audience: z.enum(AUDIENCES).default("engineers").describe("whose text it carries"),
  moments: Moments.optional().describe("the audience's usual ones unless given"),
  body: z
    .record(z.string(), z.unknown())
    .default({ text: "{{ subject }}\n\n{{ text }}" })
    .describe("sent as JSON; each text in it is Liquid, with `subject` and `text` beside the variables"),
  allowPrivate: z.boolean().default(false).describe("the host may be a private or loopback address"),
});

export const Notify = z
  .strictObject({
    email: Addresses.default([]).describe("the engineers' addresses, the same as audiences.engineers.email"),
    audiences: z
      .partialRecord(z.enum(AUDIENCES), Audience)
      .default({})
      .describe("who hears of what, in which words"),
    chat: z
      .boolean()
      .default(false)
      .describe("an SNS topic of custom notifications for Amazon Q Developer in chat applications"),
    webhooks: z
      .array(Webhook)
      .max(10)
      .default([])
      .describe("status pages, broadcasts, chat's incoming webhooks"),
    mostPerMinute: z
      .int()
      .min(1)
      .max(60)
      .default(6)
      .describe("mails an audience gets in a minute; what is beyond it is folded into the next one"),
  })
  .describe("who is told");

const Rung = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,6}(s|m|h)$/, 'a number and s, m or h, for example "5m"')
    .describe("since the ladder was called"),
  audiences: z.array(z.enum(AUDIENCES)).default([]).describe("audiences of `notify`"),
  email: Addresses.default([]).describe("addresses of this rung alone; each confirms once"),
  webhooks: z.array(Id).default([]).describe("ids of notify.webhooks"),
});

const Wait = z
  .string()
  .regex(/^0*[1-9]\d{0,5}(s|m|h)$/, 'a number above zero and s, m or h, for example "15m"')
  .describe('a duration above zero: a number and s, m or h, for example "15m"');

export const Escalation = z
  .strictObject({
    rungs: z.array(Rung).min(1).max(10).describe("who is called, the longer nobody acknowledges"),
    notRestoredAfter: Wait.default("15m").describe(
      "from the run's beginning; the ladder is called when verification has not passed by then",
    ),
    criteria: z
      .array(Id)
      .default([])
      .describe("triggers that call the ladder as soon as they decide: corruption, a security finding"),
    repeat: z
      .strictObject({
        every: Wait.default("10m"),
        times: z.int().min(0).max(50).default(6).describe("then the ladder ends, and says that nobody came"),
      })
      .prefault({})
      .describe("the last rung again and again until somebody acknowledges"),
  })
  .describe(
    "called by a failed run, used-up attempts and a service not restored in time; ends when somebody acknowledges",
  );

export type Notify = z.output<typeof Notify>;
export type Escalation = z.output<typeof Escalation>;
export type Webhook = z.output<typeof Webhook>;
