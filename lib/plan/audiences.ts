import {
  AUDIENCES,
  type Audience,
  type PlanMoment,
  type Tell,
  USUAL,
  type WebhookTarget,
} from "../../lambdas/runtime/notices.ts";
import type { Webhook } from "./notify.ts";
import type { Plan } from "./schema.ts";

export { AUDIENCES, PLAN_MOMENTS } from "../../lambdas/runtime/notices.ts";

/** Addresses of an audience; `notify.email` is the engineers'. */
function addressesOf({ notify }: Plan, audience: Audience): string[] {
  return [...(audience === "engineers" ? notify.email : []), ...(notify.audiences[audience]?.email ?? [])];
}

/** Value of the message attribute that only one rung's own addresses listen to. */
export const rungAttribute = (rung: number): string => `rung-${rung + 1}`;

/**
 * Every address that is subscribed, with what it listens to: SNS holds one subscription for an address and a topic,
 * however many audiences it is in. `extra` are further engineers.
 */
export function subscribers(plan: Plan, extra: string[] = []): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (address: string, listensTo: string) => {
    const known = found.get(address) ?? [];
    if (!known.includes(listensTo)) found.set(address, [...known, listensTo]);
  };
  for (const audience of AUDIENCES) for (const address of addressesOf(plan, audience)) add(address, audience);
  for (const address of extra) add(address, "engineers");
  for (const [index, { email }] of (plan.escalation?.rungs ?? []).entries())
    for (const address of email) add(address, rungAttribute(index));
  return found;
}

const hearsOf = (plan: Plan, audience: Audience, moment: PlanMoment) =>
  (plan.notify.audiences[audience]?.moments ?? USUAL[audience]).includes(moment);

/** Whom a moment is told, and how: what travels with the notice. Engineers always hear of failures. */
export function tellOf(plan: Plan, moment: PlanMoment): Tell {
  const { notify } = plan;
  const audiences = AUDIENCES.filter(
    (audience) =>
      hearsOf(plan, audience, moment) &&
      (audience === "engineers" || addressesOf(plan, audience).length > 0 || chats(plan, audience)),
  );
  const webhooks = notify.webhooks.filter(({ audience, moments }) =>
    moments ? moments.includes(moment) : hearsOf(plan, audience, moment),
  );
  return {
    audiences: told(plan, [...audiences, ...webhooks.map(({ audience }) => audience)], audiences, moment),
    webhooks: webhooks.map(targetOf),
    mostPerMinute: notify.mostPerMinute,
  };
}

/** Whom one rung of the ladder calls. */
export function tellOfRung(plan: Plan, index: number): Tell {
  const rung = plan.escalation!.rungs[index]!;
  const webhooks = plan.notify.webhooks.filter(({ id }) => rung.webhooks.includes(id));
  const spoken = [
    ...rung.audiences,
    ...webhooks.map(({ audience }) => audience),
    ...(rung.email.length > 0 ? ["engineers" as const] : []),
  ];
  return {
    audiences: told(plan, spoken, rung.audiences, "escalated"),
    webhooks: webhooks.map(targetOf),
    ...(rung.email.length > 0 ? { rung: rungAttribute(index) } : {}),
    mostPerMinute: plan.notify.mostPerMinute,
  };
}

const chats = ({ notify }: Plan, audience: Audience) =>
  notify.chat && (notify.audiences[audience]?.chat ?? false);

/** Audiences whose text is needed; those told themselves have a channel, the others lend their words to a webhook. */
function told(plan: Plan, spoken: Audience[], listening: Audience[], moment: PlanMoment): Tell["audiences"] {
  return AUDIENCES.filter((audience) => spoken.includes(audience)).map((audience) => {
    const template = plan.notify.audiences[audience]?.templates[moment];
    const listens = listening.includes(audience);
    return {
      audience,
      // Whoever deploys may add engineers that the plan does not name.
      email: listens && (audience === "engineers" || addressesOf(plan, audience).length > 0),
      chat: listens && chats(plan, audience),
      ...(template ? { template: template as { subject?: string; text?: string } } : {}),
    };
  });
}

const targetOf = ({ id, url, token, audience, body, allowPrivate }: Webhook): WebhookTarget => ({
  id,
  url,
  ...(token ? { token } : {}),
  audience,
  body,
  allowPrivate,
});

/** Names of the secrets that sending needs. */
export function secretsOf({ notify }: Plan): string[] {
  const named = notify.webhooks.flatMap(({ url, token }) => [
    ...(typeof url === "string" ? [] : [url.secret]),
    ...(token ? [token.secret] : []),
  ]);
  return [...new Set(named)];
}
