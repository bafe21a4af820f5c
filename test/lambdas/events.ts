import type { AnnounceEvent, ReportEvent, RunContext } from "../../lambdas/runtime/protocol.ts";

/** A run by an alarm, eight minutes after a deployment. */
export const run: RunContext = {
  id: "error-rate-0123456789ab",
  service: "llm-research-lab",
  startedAt: "2026-01-08T10:38:05.000Z",
  generation: 3,
  dryRun: false,
  reason: "ErrorRate was above 10 % for 2 minutes",
  trigger: {
    type: "alarm",
    criterion: "error-rate",
    alarmName: "llm-research-lab-error-rate",
    alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:llm-research-lab-error-rate",
    since: "2026-01-08T10:38:00.000Z",
    reason: "2 datapoints were greater than the threshold (10.0).",
  },
  deployment: { version: "1.3.0", startedAt: "2026-01-08T10:30:00.000Z" },
  plan: "0123456789abcdef",
};

export const announce = (more: Partial<AnnounceEvent> = {}): AnnounceEvent => ({
  moment: "started",
  run,
  admission: null,
  decision: {
    decision: "rollback",
    level: "full",
    rule: "error-rate",
    because: "the alarm rang 8 minutes after deployment 1.3.0",
    inputs: {},
  },
  changes: {
    restore: {
      summary: "lab-db → lab-db-r-1a2b3c4d as of 10:29:30",
      evidence: ["deployment 1.3.0 began at 10:30"],
    },
    address: { summary: "db.lab.internal: lab-db → lab-db-r-1a2b3c4d" },
  },
  checks: [
    {
      check: "health",
      verdict: "passed",
      value: "200 in 12 ms",
      limit: "status 200",
      evidence: ["GET https://api.lab.internal/health"],
      at: "2026-01-08T10:45:00.000Z",
    },
  ],
  watch: { round: 10, of: 30, passed: 10, inconclusive: 0, everySeconds: 60 },
  failure: null,
  reverts: [],
  report: { bucket: "reports", key: "lab/run/report.html" },
  ...more,
});

export const report = (more: Partial<ReportEvent> = {}): ReportEvent => ({
  run,
  outcome: "succeeded",
  ending: more.outcome === "failed" ? "held" : "rolled back",
  stepFacts: {
    restore: { stage: "restore data", effect: "creates", touches: [] },
    address: {
      stage: "switch",
      effect: "switches",
      touches: [{ type: "dns-record", id: "Z1/db.lab.internal/CNAME" }],
    },
  },
  metrics: [
    {
      namespace: "Lab",
      name: "ErrorRate",
      statistic: "Average",
      periodSeconds: 60,
      dimensions: {},
      thresholds: [{ criterion: "error-rate", text: "> 10 for 2m", value: 10, decision: "rollback" }],
    },
  ],
  followUps: [
    { what: "Hold the review.", withinSeconds: 172_800 },
    { what: "Tell stakeholders.", withinSeconds: 3600 },
  ],
  decision: announce().decision,
  changes: {
    restore: { before: {}, after: {}, summary: "lab-db → lab-db-r-1a2b3c4d", evidence: ["deployment 1.3.0"] },
  },
  steps: {},
  measurements: announce().checks,
  checks: announce().checks,
  watch: null,
  timeline: [
    { at: "2026-01-08T10:38:10.000Z", state: "Preflight restore" },
    { at: "2026-01-08T10:38:20.000Z", state: "restore data" },
    { at: "2026-01-08T10:43:20.000Z", state: "switch" },
    { at: "2026-01-08T10:44:50.000Z", state: "Verify" },
    { at: "2026-01-08T10:46:00.000Z", state: "Watch" },
  ],
  failure: null,
  reverts: [],
  objectives: { detect: 600, restore: 900, cutover: 60 },
  ...more,
});
