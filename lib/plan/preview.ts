import { exampleEvent } from "../../lambdas/messages/example.ts";
import { bodyOf, noticeOf } from "../../lambdas/messages/render.ts";
import { type Audience, PLAN_MOMENTS, type PlanMoment } from "../../lambdas/runtime/notices.ts";
import type { Asking } from "../../lambdas/runtime/protocol.ts";
import { atDeadline } from "./at-deadline.ts";
import { subscribers, tellOf, tellOfRung } from "./audiences.ts";
import { seconds } from "./duration.ts";
import { registries } from "./registries.ts";
import type { Plan } from "./schema.ts";

/** What one audience would get at one moment. */
export interface Preview {
  moment: PlanMoment;
  audience: Audience;
  /** Addresses, chat and webhooks it goes to. */
  to: string[];
  subject: string;
  text: string;
  /** Id → what would be sent. */
  webhooks: Record<string, unknown>;
}

/** When a question of the made-up run would be answered at the latest: its beginning, and the plan's deadline. */
const ASKED_AT = Date.parse("2026-01-15T10:04:30Z");

/** Who is asked, and what follows without an answer: the plan's own. The level is the made-up run's. */
function asking(plan: Plan): { asking?: Asking } {
  if (!plan.approval) return {};
  const { approvers, deadline } = plan.approval;
  return {
    asking: {
      approvers,
      expiresAt: new Date(ASKED_AT + seconds(deadline) * 1000).toISOString(),
      atDeadline: { full: atDeadline(plan, "full", registries) },
      dataSteps: [],
      expected: { changeSeconds: 600, watchSeconds: seconds(plan.watch.for) },
    },
  };
}

/** What everybody would get, from a made-up run. `moments` and `audiences` choose; all of them unless given. */
export function previews(plan: Plan, moments?: PlanMoment[], audiences?: Audience[]): Preview[] {
  const addresses = subscribers(plan);
  return (moments ?? PLAN_MOMENTS).flatMap((moment) => {
    const event = { ...exampleEvent(plan.service, moment), ...(moment === "approval" ? asking(plan) : {}) };
    const tell =
      moment === "escalated" && plan.escalation
        ? tellOfRung(plan, Math.min(event.escalation!.rung, plan.escalation.rungs.length) - 1)
        : tellOf(plan, moment);
    const notice = noticeOf(event, tell);
    return tell.audiences
      .filter(({ audience }) => !audiences || audiences.includes(audience))
      .map(({ audience, email, chat }) => {
        const hooks = tell.webhooks.filter((each) => each.audience === audience);
        const mailed = [...addresses].filter(
          ([, listensTo]) =>
            (email && listensTo.includes(audience)) ||
            (audience === "engineers" && tell.rung !== undefined && listensTo.includes(tell.rung)),
        );
        const { subject, text } = notice.of(audience);
        return {
          moment,
          audience,
          to: [
            ...mailed.map(([address]) => address),
            ...(chat ? ["chat"] : []),
            ...hooks.map(({ id }) => `webhook ${id}`),
          ],
          subject,
          text,
          webhooks: Object.fromEntries(hooks.map(({ id, body }) => [id, bodyOf(body, notice, audience)])),
        };
      });
  });
}
