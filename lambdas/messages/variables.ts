import type { AnnounceEvent, EscalationCause } from "../runtime/protocol.ts";
import { MOMENT_OF } from "../runtime/protocol.ts";
import { causeText } from "./cause.ts";

/** What a template may say, by name. All are there in every moment; what is not known yet is empty or null. */
export const VARIABLES = {
  service: "the protected service",
  moment: "start, approval, progress, complete, failed, escalated, notice or redeploy",
  headline: "one line on what happened, as engineers get it",
  details: "everything known, laid out for a plain mailbox, as engineers get it",
  run: "the run's id",
  started_at: "when the run began, ISO 8601 UTC",
  reason: "who or what asked for the run",
  decision: "rollback, approve, notify or ignore",
  rule: "id of the criterion that decided",
  because: "why it decided so",
  level: "which stages run",
  version: "the last deployment's version",
  previous_version: "the version before it",
  deployed_at: "when that deployment began",
  changes: "list: step, summary (before → after)",
  checks: "list: check, verdict, value, limit",
  reverts: "list: step, reverted, note",
  failure: "what failed and why, in one line",
  failed_at: "name of the state that failed",
  watched_minutes: "how long the result has held",
  watch_minutes: "how long it must hold",
  report: "where the report is",
  cause: "why people are called: in words, only in `escalated`",
  rung: "which rung of the ladder, from 1; only in `escalated`",
  rungs: "how many rungs the plan has; only in `escalated`",
  waited_minutes: "since the ladder was called; only in `escalated`",
  acknowledge: "the command that stops the ladder; only in `escalated`",
  ramp_version: "the version that goes out again; only in `redeploy`, as all of `ramp_`",
  ramp_step: "name of the step it is at",
  ramp_number: "which step that is, from 1",
  ramp_steps: "how many steps there are",
  ramp_ending: "how it ended; empty while it goes on",
} as const;

export type Variables = Record<keyof typeof VARIABLES, unknown>;

const CAUSES: Record<EscalationCause, string> = {
  failed: "the rollback failed",
  worse: "the rollback made the service worse",
  exhausted: "every attempt that the plan allows was used",
  "not-restored": "the service is not restored in time",
  criterion: "the plan calls people at once for what was found",
  "cut-short": "the rollback was stopped, or ran out of time, in the middle",
  redeploy: "a release that goes out again was taken back, or could not go on",
};

/** Why people are called, in words. */
export const causeWords = (cause: EscalationCause): string => CAUSES[cause];

/** The variables of one notice; `message` is the engineers' own. */
export function variablesOf(event: AnnounceEvent, message: { subject: string; text: string }): Variables {
  const { run, decision, failure, watch, report, escalation } = event;
  const minutes = (rounds: number) => Math.round((rounds * (watch?.everySeconds ?? 60)) / 60);
  return {
    service: run.service,
    moment: MOMENT_OF[event.moment],
    headline: message.subject,
    details: message.text,
    run: run.id,
    started_at: run.startedAt,
    reason: run.reason,
    decision: decision?.decision ?? null,
    rule: decision?.rule ?? null,
    because: decision?.because ?? null,
    level: decision?.level ?? null,
    version: run.deployment?.version ?? null,
    previous_version: run.deployment?.previousVersion ?? null,
    deployed_at: run.deployment?.startedAt ?? null,
    changes: Object.entries(event.changes).map(([step, { summary }]) => ({ step, summary })),
    checks: event.checks.map(({ check, verdict, value, limit }) => ({
      check,
      verdict,
      value: value ?? null,
      limit,
    })),
    reverts: event.reverts.map(({ step, reverted, note }) => ({ step, reverted, note })),
    failure: failure ? `${failure.error}: ${causeText(failure.cause)}` : null,
    failed_at: failure?.state ?? null,
    watched_minutes: watch ? minutes(watch.round) : null,
    watch_minutes: watch ? minutes(watch.of) : null,
    report: report ? (report.url ?? `s3://${report.bucket}/${report.key}`) : null,
    cause: escalation ? CAUSES[escalation.cause] : null,
    rung: escalation?.rung ?? null,
    rungs: escalation?.of ?? null,
    waited_minutes: escalation ? Math.round(escalation.afterSeconds / 60) : null,
    acknowledge: escalation ? `watchdog ack ${run.id} --service ${run.service}` : null,
    ramp_version: event.ramp?.version ?? null,
    ramp_step: event.ramp?.step ?? null,
    ramp_number: event.ramp?.number ?? null,
    ramp_steps: event.ramp?.of ?? null,
    ramp_ending: event.ramp?.ending ?? null,
  };
}
