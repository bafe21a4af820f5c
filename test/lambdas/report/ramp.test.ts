import { describe, expect, it } from "vitest";
import { rampMarkdown } from "../../../lambdas/report/ramp-markdown.ts";
import { rampPage } from "../../../lambdas/report/ramp-page.ts";
import type { RampReportEvent } from "../../../lambdas/runtime/protocol.ts";

const event: RampReportEvent = {
  verb: "ramp",
  run: {
    id: "ramp-1",
    service: "chat",
    startedAt: "2026-01-08T10:00:00Z",
    generation: 3,
    dryRun: false,
    reason: "redeploy of 2.4.1: it is fixed",
    trigger: { type: "manual", by: "ada" },
    redeploys: "2.4.1",
    plan: "hash",
  },
  outcome: "back",
  ending: "back at 10 %",
  because: "CriterionFired: chat-errors is in ALARM <since noon>",
  at: { step: "10 %", number: 2 },
  of: 5,
  changes: {
    quarter: { before: {}, after: {}, summary: "flag a | b: 10 → 25", evidence: ["over version 3"] },
  },
  checks: [{ check: "errors", verdict: "passed", value: "0.1", limit: "< 1", evidence: [], at: "now" }],
  reverts: [{ step: "quarter", reverted: true, note: "as before" }],
  timeline: [{ at: "2026-01-08T10:00:00Z", state: "Begin the ramp" }],
  approval: { outcome: "approved", by: "lead", via: "page", at: "now", because: "by lead (page)" },
};

describe("the report of a ramp", () => {
  it("says what came of it, where it is, why, who asked and who approved, and what was taken back", () => {
    const text = rampMarkdown(event, "2026-01-09T10:00:00Z");

    expect(text).toMatch(/^# Redeploy of 2\.4\.1 of chat: back at 10 %$/m);
    for (const row of [
      "| Where it is | 10 %, step 2 of 5 |",
      "| Why | CriterionFired: chat-errors is in ALARM &lt;since noon> |",
      "| Asked for by | ada: redeploy of 2.4.1: it is fixed |",
      "| Approved by | approved: by lead (page) |",
      "| quarter | flag a \\| b: 10 → 25 | over version 3 |",
      "| quarter | yes | as before |",
    ])
      expect(text).toContain(row);
  });

  it("is a page as well, in which nothing from outside is a tag", () => {
    const page = rampPage(event, "2026-01-09T10:00:00Z");

    expect(page).toContain("&#60;since noon&#62;");
    expect(page).toContain('<header class="bad">');
    const good = {
      ...event,
      outcome: "redeployed",
      ending: "redeployed",
      because: "",
      approval: null,
    } as const;
    expect(rampPage(good, "now")).toContain('<header class="good">');
    expect(rampMarkdown(good, "now")).toContain("| Approved by | nobody was asked |");
  });
});
