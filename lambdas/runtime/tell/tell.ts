import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "../context.ts";
import type { NoticeDetail } from "../notice-event.ts";
import type { Audience, Tell, WebhookTarget } from "../notices.ts";
import { type AnnounceAnswer, type AnnounceEvent, MOMENT_OF } from "../protocol.ts";
import { redactText } from "../redact.ts";
import { digest } from "../tokens.ts";
import { deliver, type Sent } from "./deliver.ts";

const metrics = new Metrics({ namespace: "RollbackWatchdog" });

/** Moments that are an outcome or a call for help. */
const URGENT = new Set(["succeeded", "failed", "approval", "rejected", "held", "escalated"]);

/** The words of a notice; `lambdas/messages/render.ts` makes them. */
export interface Words {
  of(audience: Audience): { subject: string; text: string; instead?: string };
  bodyOf(webhook: WebhookTarget): unknown;
}

/** Sends an event's notice to all whom its plan names, and answers what became of it. */
export async function tellPeople(
  event: AnnounceEvent,
  tell: Tell,
  words: Words,
  context: Context,
): Promise<AnnounceAnswer> {
  const { subject, instead } = words.of("engineers");
  if (instead) console.error(JSON.stringify({ template: "engineers", moment: event.moment, instead }));
  const sent = await deliver(
    {
      tell,
      ...words,
      detail: detailOf(event, subject, new Date(context.now()).toISOString()),
      urgent: URGENT.has(event.moment) || ["asked", "back", "ended"].includes(event.ramp?.phase ?? ""),
      key: keyOf(event),
      topics: {
        notices: process.env["TOPIC_ARN"] ?? "",
        ...(process.env["CHAT_TOPIC_ARN"] ? { chat: process.env["CHAT_TOPIC_ARN"] } : {}),
      },
    },
    context,
  );
  const failed = sent.filter(({ outcome }) => outcome === "failed");
  if (failed.length > 0) complain(event, failed);
  const reached = sent.filter(({ outcome, target }) => outcome !== "failed" && !target.endsWith("event"));
  return {
    sent: reached.length > 0,
    note: [
      subject,
      ...sent
        .filter(({ target, outcome }) => outcome !== "sent" || target.startsWith("second"))
        .map(({ target, outcome, why }) => `${target} ${outcome}${why ? `: ${why}` : ""}`),
    ]
      .join("; ")
      .slice(0, 1000),
    ...(failed.length > 0 ? { failed: failed.map(({ target, why }) => `${target}: ${why ?? "?"}`) } : {}),
  };
}

/** Refusals repeat with each alarm that starts a run in vain; every other notice is its run's own. */
const keyOf = ({ moment, run, admission, decision, watch, escalation, ramp }: AnnounceEvent): string =>
  moment === "refused" && admission
    ? `refused ${admission.outcome}`
    : moment === "notified"
      ? `notified ${decision?.rule ?? ""}`
      : digest(
          `${run.id} ${moment} ${watch?.round ?? ""} ${escalation?.rung ?? ""}${ramp ? `${ramp.phase} ${ramp.number} ${ramp.heldSeconds}` : ""}`,
          16,
        );

function complain({ run, moment }: AnnounceEvent, failed: Sent[]): void {
  metrics.addDimension("Service", run.service);
  metrics.addMetric("FailedNotifications", MetricUnit.Count, failed.length);
  metrics.publishStoredMetrics();
  console.error(JSON.stringify({ moment, run: run.id, failed }));
}

/** The event for other tools. */
function detailOf(event: AnnounceEvent, headline: string, at: string): NoticeDetail {
  const { run, decision, failure, report, escalation, moment, watch } = event;
  return {
    version: 1,
    id: digest(
      `${run.id} ${moment} ${watch?.round ?? ""} ${escalation?.ladder ?? ""} ${escalation?.rung ?? ""}`,
      24,
    ),
    service: run.service,
    run: run.id,
    moment: MOMENT_OF[moment],
    state: moment,
    at,
    startedAt: run.startedAt,
    dryRun: run.dryRun,
    reason: redactText(run.reason),
    headline,
    ...(decision
      ? {
          decision: {
            decision: decision.decision,
            level: decision.level,
            rule: decision.rule,
            because: redactText(decision.because),
          },
        }
      : {}),
    ...(run.deployment ? { deployment: deploymentOf(run.deployment) } : {}),
    changes: Object.entries(event.changes).map(([step, { summary }]) => ({
      step,
      summary: redactText(summary),
    })),
    ...(failure
      ? {
          failure: {
            error: failure.error,
            state: failure.state,
            cause: redactText(failure.cause).slice(0, 1000),
          },
        }
      : {}),
    ...(report ? { report: report.url ?? `s3://${report.bucket}/${report.key}` } : {}),
    ...(escalation
      ? {
          escalation: {
            cause: escalation.cause,
            rung: escalation.rung,
            rungs: escalation.of,
            afterSeconds: escalation.afterSeconds,
          },
        }
      : {}),
  };
}

const deploymentOf = ({ version, previousVersion, startedAt }: NonNullable<NoticeDetail["deployment"]>) => ({
  version,
  ...(previousVersion ? { previousVersion } : {}),
  startedAt,
});
