import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlReport } from "../../../lambdas/report/html.ts";
import { markdownReport } from "../../../lambdas/report/markdown.ts";
import { objectiveRows, spanText } from "../../../lambdas/report/spans.ts";
import type { ReportEvent } from "../../../lambdas/runtime/protocol.ts";
import { report, run } from "../events.ts";

const AT = "2026-01-08T11:20:00.000Z";
const HOSTILE = `<img src=x onerror=alert(1)>"'&|\n# heading\n</svg><script>alert(2)</script>`;
/** Everything that comes from outside is hostile. */
const hostile = (): ReportEvent =>
  report({
    run: { ...run, service: HOSTILE, id: HOSTILE },
    outcome: "failed",
    decision: { decision: "rollback", level: HOSTILE, rule: HOSTILE, because: HOSTILE, inputs: {} },
    changes: { [HOSTILE]: { before: {}, after: {}, summary: HOSTILE, evidence: [HOSTILE] } },
    measurements: [
      { ...report().measurements[0]!, check: HOSTILE, value: HOSTILE, limit: HOSTILE, evidence: [HOSTILE] },
    ],
    timeline: report().timeline.map(({ at }) => ({ at, state: HOSTILE })),
    failure: { error: HOSTILE, cause: HOSTILE, state: HOSTILE, at: AT },
    reverts: [{ step: HOSTILE, reverted: false, note: HOSTILE }],
  });

describe("the page", () => {
  it("needs nothing else: no script, no link, no picture from anywhere", () => {
    const page = htmlReport(report(), AT);

    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|src=|href=/i);
    expect(page).toContain('<meta charset="utf-8">');
    expect(page).toMatch(
      /<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; /,
    );
  });

  it("shows a hostile text as text, wherever it stands", () => {
    const page = htmlReport(hostile(), AT);

    expect(page).not.toMatch(/<img|<script|onerror=alert\(1\)>/);
    expect(page).toContain("&#60;script&#62;");
  });

  it("has only the tags it is made of, whatever a state, a note or a value says", () => {
    const tags = (page: string) => [...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name);
    const calm = (text: string) => ({ failure: { error: text, cause: text, state: text, at: AT } });
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tags(htmlReport(report(calm(text)), AT))).toEqual(tags(htmlReport(report(calm("x")), AT)));
      }),
    );
  });

  it("says how it ended: rolled back and verified, or failed with what and why", () => {
    const failure = { error: "WorkFailed", cause: "RDS gave up.", state: "Poll restore", at: AT };

    expect(htmlReport(report(), AT)).toContain("rolled back and verified");
    const failed = htmlReport(report({ outcome: "failed", failure }), AT);
    expect(failed).toContain("rollback failed");
    expect(failed).toContain("RDS gave up.");
    expect(failed).not.toContain("rolled back and verified");
  });
});

describe("the Markdown", () => {
  it("keeps every table in shape: as many cells in each row as in its head", () => {
    const tables = markdownReport(hostile(), AT)
      .split(/\n\n/)
      .filter((block) => block.startsWith("|"));

    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) {
      const cells = table.split("\n").map((row) => row.split(/(?<!\\)\|/).length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  it("lets no hostile text make a heading or a tag", () => {
    const text = markdownReport(hostile(), AT).replace(/`[^`\n]*`/g, "`code`");

    expect(text).not.toMatch(/^# heading/m);
    expect(text).not.toMatch(/<img|<script/);
  });

  it("holds what the machine knows, and leaves the cause and the lessons to people", () => {
    const text = markdownReport(report(), AT);

    expect(text).toContain("# Rollback of llm-research-lab: rolled back");
    expect(text).toContain("**rollback** at level **full** by rule `error-rate`");
    expect(text).toContain("| restore | lab-db → lab-db-r-1a2b3c4d | deployment 1.3.0 |");
    expect(text).toMatch(/## Root cause\n\n_To be written\._/);
  });
});

describe("the times", () => {
  const row = (event: ReportEvent, name: string) => objectiveRows(event).find((each) => each.name === name);

  it("are counted from the alarm, and from the release to the alarm", () => {
    expect(row(report(), "detect")).toEqual({ name: "detect", seconds: 480, objective: 600, met: true });
    expect(row(report(), "decide")).toMatchObject({ seconds: 10 });
    expect(row(report(), "restore")).toMatchObject({ seconds: 320, met: true });
    expect(row(report(), "cutover")).toMatchObject({ seconds: 90, objective: 60, met: false });
    expect(row(report(), "verified")).toMatchObject({ seconds: 420, objective: undefined, met: undefined });
  });

  it("that were not measured are missing: neither met nor missed", () => {
    const early = report({ timeline: report().timeline.slice(0, 2), measurements: [] });

    for (const name of ["restore", "cutover", "verified"])
      expect(row(early, name)).toMatchObject({ seconds: undefined, met: undefined });
  });

  it("of a run by hand begin with the run, and nothing was detected", () => {
    const manual = report({ run: { ...run, trigger: { type: "manual", by: "Ada" } } });

    expect(row(manual, "detect")).toMatchObject({ seconds: undefined });
    expect(row(manual, "decide")).toMatchObject({ seconds: 5 });
  });

  it.each([
    [undefined, "-"],
    [0, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min"],
    [60, "1 min"],
    [75, "1 min 15 s"],
    [119.7, "2 min"],
    [3600, "60 min"],
  ])("%s seconds read %s", (seconds, text) => expect(spanText(seconds)).toBe(text));
});
