/**
 * Who is told of what, and where: the part of a plan's `notify` that travels with each notice. Pure. Nothing secret is
 * in it: tokens and secret URLs are named here and read by the function that sends.
 */

export const AUDIENCES = ["engineers", "users", "stakeholders"] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What a plan can be asked to tell. `notice`: nothing was changed (a dry run, a refusal, a decision to do nothing). */
export const PLAN_MOMENTS = [
  "start",
  "approval",
  "progress",
  "complete",
  "failed",
  "escalated",
  "notice",
  "redeploy",
] as const;
export type PlanMoment = (typeof PLAN_MOMENTS)[number];

/** Moments an audience hears of unless the plan says otherwise. */
export const USUAL: Record<Audience, readonly PlanMoment[]> = {
  engineers: PLAN_MOMENTS,
  users: ["start", "complete", "failed"],
  stakeholders: ["start", "complete", "failed", "escalated", "redeploy"],
};

/** A Liquid template of one notice. */
export interface NoticeTemplate {
  subject?: string;
  text?: string;
}

/** An HTTPS address that is POSTed to. */
export interface WebhookTarget {
  id: string;
  /** An https URL, or where it is kept when the URL itself is the secret (as with chat's incoming webhooks). */
  url: string | { secret: string; member: string };
  token?: { secret: string; member: string; header: string; prefix: string };
  /** Whose text it gets. */
  audience: Audience;
  /** Sent as JSON; every text in it is a Liquid template which also knows `subject` and `text`. */
  body: Record<string, unknown>;
  /** True: the host may be a private address. */
  allowPrivate: boolean;
}

/** Where one notice goes. */
export interface Tell {
  audiences: { audience: Audience; email: boolean; chat: boolean; template?: NoticeTemplate }[];
  webhooks: WebhookTarget[];
  /** Value of the message attribute `audience` for addresses of one rung only. */
  rung?: string;
  /** Mails an audience gets in a minute before the rest is folded into the next one. */
  mostPerMinute: number;
}

/** EventBridge's `source` and `detail-type` of every notice; the detail is in notice-event.ts. */
export const SOURCE = "rollback-watchdog";
export const DETAIL_TYPE = "Rollback Notice";

/** Message attribute that subscriptions filter on. */
export const AUDIENCE_ATTRIBUTE = "audience";

/** What is told when the plan's own wishes did not come along: engineers, by mail. */
export const ENGINEERS_ONLY: Tell = {
  audiences: [{ audience: "engineers", email: true, chat: false }],
  webhooks: [],
  mostPerMinute: 6,
};
