import type { PlanMoment } from "../runtime/notices.ts";
import type { AnnounceEvent, Moment, RampNotice } from "../runtime/protocol.ts";

const MOMENT: Record<PlanMoment, Moment> = {
  start: "started",
  approval: "approval",
  progress: "progress",
  complete: "succeeded",
  failed: "failed",
  escalated: "escalated",
  notice: "notified",
  redeploy: "redeploy",
};

const EXAMPLE_RAMP: RampNotice = {
  phase: "step",
  version: "1.3.1",
  step: "10 %",
  number: 2,
  of: 5,
  heldSeconds: 0,
  holdSeconds: 172_800,
  next: "25 %",
  outcome: "",
  ending: "",
  because: "",
};

/** A made-up run at one moment: what templates are checked with, and what `watchdog notify --preview` shows. */
export function exampleEvent(service: string, moment: PlanMoment): AnnounceEvent {
  const ended = moment === "complete" || moment === "failed" || moment === "escalated";
  const broken = moment === "failed" || moment === "escalated";
  return {
    moment: MOMENT[moment],
    run: {
      id: "error-rate-0123456789ab",
      service,
      startedAt: "2026-01-15T10:04:00Z",
      generation: 7,
      dryRun: false,
      reason: `${service}-error-rate: 2 datapoints [63.1, 60.4] were greater than the threshold (10.0)`,
      trigger: {
        type: "alarm",
        criterion: "error-rate",
        alarmName: `${service}-error-rate`,
        alarmArn: `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${service}-error-rate`,
        since: "2026-01-15T10:03:40Z",
        reason: "2 datapoints [63.1, 60.4] were greater than the threshold (10.0)",
      },
      deployment: { version: "1.3.0", previousVersion: "1.2.2", startedAt: "2026-01-15T10:00:00Z" },
      plan: "0123456789abcdef",
    },
    admission: null,
    decision: {
      decision: moment === "approval" ? "approve" : moment === "notice" ? "notify" : "rollback",
      level: "full",
      rule: "error-rate",
      because: "error-rate is in ALARM since 2026-01-15T10:03:40Z, after the deployment of 1.3.0",
      inputs: {},
    },
    changes: {
      address: {
        summary: "db.example.internal: orders-db → orders-db-r-0a1b2c3d",
        evidence: ["restored to 2026-01-15T09:59:55Z, 5 s before the deployment"],
      },
    },
    checks: [
      {
        check: "error-rate",
        verdict: broken ? "failed" : "passed",
        value: broken ? "7.1 %" : "0.2 %",
        limit: "< 1",
        evidence: [],
        at: "2026-01-15T10:20:00Z",
      },
    ],
    watch:
      moment === "progress" || ended
        ? { round: ended ? 30 : 10, of: 30, passed: 10, inconclusive: 0, everySeconds: 60 }
        : null,
    failure: broken
      ? {
          error: "ChecksNotPassed",
          cause: "not passed: error-rate is failed (7.1 %, must be < 1)",
          state: "Verify",
          at: "2026-01-15T10:15:00Z",
        }
      : null,
    reverts: broken
      ? [{ step: "address", reverted: true, note: "db.example.internal is as it was, and INSYNC" }]
      : [],
    report: ended ? { bucket: `${service}-reports`, key: `${service}/error-rate-0123456789ab.html` } : null,
    ...(moment === "redeploy" ? { ramp: EXAMPLE_RAMP } : {}),
    ...(moment === "escalated"
      ? {
          escalation: {
            cause: "failed" as const,
            ladder: "error-rate-0123456789ab-failed",
            calledAt: "2026-01-15T10:15:10Z",
            afterSeconds: 300,
            rung: 2,
            of: 5,
            nextSeconds: 300,
            last: false,
          },
        }
      : {}),
  };
}
