import { describe, expect, it } from "vitest";
import { keptLines, lossWindows, otherwise, people, recovery } from "../../../lambdas/report/facts.ts";
import { dueFollowUps, reminders } from "../../../lambdas/report/follow-ups.ts";
import { htmlReport } from "../../../lambdas/report/html.ts";
import { markdownReport } from "../../../lambdas/report/markdown.ts";
import { phasesOf } from "../../../lambdas/report/phases.ts";
import { phaseFigures, type Series } from "../../../lambdas/report/series.ts";
import type { ReportEvent } from "../../../lambdas/runtime/protocol.ts";
import { report, run } from "../events.ts";

const AT = "2026-01-08T11:20:00.000Z";
const ids = (rows: { step: string }[]) => rows.map(({ step }) => step);

/** A run that fenced, restored and switched. */
const acted = (more: Partial<ReportEvent> = {}): ReportEvent =>
  report({
    changes: {
      snapshot: { before: {}, after: { snapshot: "s" }, summary: "snapshot s", keeps: ["the snapshot s"] },
      fence: { before: {}, after: { roles: [] }, summary: "app may not log in" },
      restore: {
        before: {},
        after: { instance: "lab-db-r-1" },
        summary: "lab-db → lab-db-r-1",
        keeps: ["lab-db, as it is"],
        losesFrom: "2026-01-08T10:29:55.000Z",
      },
      address: { before: {}, after: { value: "lab-db-r-1", ttl: 60 }, summary: "address moved" },
    },
    stepFacts: {
      snapshot: { stage: "back up", effect: "backs-up", touches: [] },
      fence: { stage: "fence", effect: "fences", touches: [{ type: "rds-instance", id: "lab-db" }] },
      restore: { stage: "restore data", effect: "creates", touches: [] },
      address: { stage: "switch", effect: "switches", touches: [{ type: "dns-record", id: "Z1/db/CNAME" }] },
    },
    timeline: [
      { at: "2026-01-08T10:38:15.000Z", state: "Announce start" },
      { at: "2026-01-08T10:38:20.000Z", state: "fence" },
      { at: "2026-01-08T10:38:40.000Z", state: "restore data" },
      { at: "2026-01-08T10:43:20.000Z", state: "switch" },
      { at: "2026-01-08T10:44:50.000Z", state: "Verify" },
    ],
    ...more,
  });

describe("what a run leaves behind", () => {
  it("is kept by name, and contradicts the code where something was switched, fenced or made", () => {
    expect(keptLines(acted())).toEqual(["snapshot: the snapshot s", "restore: lab-db, as it is"]);
    expect(otherwise(acted())).toEqual([
      { step: "fence", resources: "rds-instance lab-db", now: "roles []" },
      { step: "restore", resources: "lab-db → lab-db-r-1", now: "instance lab-db-r-1" },
      { step: "address", resources: "dns-record Z1/db/CNAME", now: "value lab-db-r-1, ttl 60" },
    ]);
  });

  it("is nothing after a run that was undone or refused, and what could not be undone of one that was not", () => {
    const reverts = [
      { step: "address", reverted: true, note: "" },
      { step: "restore", reverted: false, note: "" },
    ];

    for (const ending of ["reverted", "refused"] as const) expect(otherwise(acted({ ending }))).toEqual([]);
    expect(ids(otherwise(acted({ ending: "needs a person", reverts })))).toEqual(["restore"]);
    expect(ids(otherwise(acted({ ending: "held" })))).toEqual(["fence", "restore", "address"]);
  });
});

describe("the data-loss window", () => {
  it("goes from the restore point until writers were stopped", () => {
    expect(lossWindows(acted())).toEqual([
      {
        step: "restore",
        from: "2026-01-08T10:29:55.000Z",
        to: "2026-01-08T10:38:40.000Z",
        seconds: 525,
      },
    ]);
  });

  it("goes on until the switch is over where nobody was fenced off", () => {
    const { fence: _, ...stepFacts } = acted().stepFacts;

    expect(lossWindows(acted({ stepFacts }))[0]).toMatchObject({ to: "2026-01-08T10:44:50.000Z" });
  });

  it("has no end where the run never came so far, and is none where no older state came back", () => {
    expect(lossWindows(acted({ ending: "held", timeline: acted().timeline.slice(0, 1) }))[0]).toMatchObject({
      to: undefined,
      seconds: undefined,
    });
    expect(lossWindows(acted({ ending: "reverted" }))).toEqual([]);
    expect(lossWindows(report())).toEqual([]);
  });
});

describe("people and times", () => {
  it("name who asked and who approved, and say so where nobody was asked", () => {
    const approval = {
      outcome: "approved" as const,
      by: "ada@lab.example",
      via: "page" as const,
      at: AT,
      because: "ok",
    };

    expect(people(report())).toEqual({
      requester: "the plan's trigger error-rate",
      approver: expect.stringContaining("nobody was asked"),
    });
    const manual = report({ run: { ...run, trigger: { type: "manual", by: "Bob" } }, approval });
    expect(people(manual)).toEqual({
      requester: "Bob",
      approver: `ada@lab.example (approved, page, ${AT})`,
    });
  });

  it("are measured from the alarm and from the release, and only when the service recovered", () => {
    expect(recovery(report())).toEqual({ fromAlarm: 420, fromRelease: 900 });
    expect(recovery(report({ ending: "reverted" }))).toEqual({
      fromAlarm: undefined,
      fromRelease: undefined,
    });
  });
});

describe("the metric", () => {
  const minute = (at: string) => Date.parse(`2026-01-08T10:${at}:00.000Z`);
  const series = (event: ReportEvent): Series => ({
    metric: event.metrics[0]!,
    points: [
      { at: minute("20"), value: 0.4 },
      { at: minute("29"), value: 0.2 },
      { at: minute("36"), value: 50 },
      { at: minute("44"), value: 3 },
      { at: minute("50"), value: 0.1 },
    ],
    from: minute("15"),
    phases: phasesOf(event, Date.parse(AT)),
  });

  it("is told before the release, during the trouble and after the verification", () => {
    expect(phaseFigures(series(report()))).toEqual([
      { phase: "before", lowest: 0.2, highest: 0.4, last: 0.2 },
      { phase: "during", lowest: 3, highest: 50, last: 3 },
      { phase: "after", lowest: 0.1, highest: 0.1, last: 0.1 },
    ]);
  });

  it("has no after when the service did not recover", () => {
    const phases = phaseFigures(series(report({ ending: "held", outcome: "failed" })));

    expect(phases.map(({ phase }) => phase)).toEqual(["before", "during"]);
    expect(phases[1]).toMatchObject({ last: 0.1 });
  });

  it("begins at the alarm when the release is days old", () => {
    const old = { ...run, deployment: { version: "1", startedAt: "2026-01-01T00:00:00.000Z" } };

    expect(phasesOf(report({ run: old }), Date.parse(AT)).from).toBe(Date.parse("2026-01-08T10:38:00.000Z"));
  });

  it("stands in page and Markdown with its thresholds; one that could not be read says why", () => {
    const good = [series(report())];
    const bad = [{ ...good[0]!, points: [], problem: "CloudWatch could not be read: denied" }];

    expect(htmlReport(report(), AT, good)).toMatch(/<svg class="chart"[\s\S]*class="limit"[\s\S]*<path/);
    expect(markdownReport(report(), AT, good)).toContain("| during | 3 | 50 | 3 |");
    for (const text of [htmlReport(report(), AT, bad), markdownReport(report(), AT, bad)]) {
      expect(text).toContain("CloudWatch could not be read: denied");
      expect(text).not.toContain("<svg");
    }
  });
});

describe("follow-ups", () => {
  it("are due counted from the report, the first one first, and none after a run that changed nothing", () => {
    expect(dueFollowUps(report(), AT)).toEqual([
      { what: "Tell stakeholders.", due: "2026-01-08T12:20:00.000Z" },
      { what: "Hold the review.", due: "2026-01-10T11:20:00.000Z" },
    ]);
    expect(dueFollowUps(report({ ending: "refused" }), AT)).toEqual([]);
  });

  it("that are due at the same time are one mail, which says of which run", () => {
    const both = report({
      followUps: [
        { what: "Tell stakeholders.", withinSeconds: 3600 },
        { what: "Keep the logs.\nAll of them.", withinSeconds: 3600 },
      ],
    });
    const items = reminders(both, dueFollowUps(both, AT), "s3://reports/x");

    expect(items).toHaveLength(1);
    expect(items[0]!.subject).toMatch(/^\[llm-research-lab\] due now after a rollback: Tell stakeholders\./);
    expect(items[0]!.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(items[0]!.text).toContain("- Tell stakeholders.\n");
    expect(items[0]!.text).toContain("s3://reports/x");
  });
});
