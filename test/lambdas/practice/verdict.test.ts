import { describe, expect, it } from "vitest";
import { endMessage } from "../../../lambdas/practice/message.ts";
import { practiceMarkdown } from "../../../lambdas/report/practice-markdown.ts";
import { practicePage } from "../../../lambdas/report/practice-page.ts";
import { lossTime, restoreTime, verdictOf } from "../../../lambdas/runtime/practice.ts";
import type { PracticeFacts, RunContext } from "../../../lambdas/runtime/protocol.ts";

const facts = (more: Partial<PracticeFacts> = {}): PracticeFacts => ({
  run: {
    id: "practice-1",
    service: "orders",
    startedAt: "2026-11-03T09:00:00.000Z",
    practice: true,
    reason: "practice, asked for by its schedule",
  } as RunContext,
  assumed: [],
  changes: {
    restore: {
      before: {},
      after: {},
      summary: "orders-db as it was",
      recoverable: { until: "2026-11-03T08:58:00.000Z", seenAt: "2026-11-03T09:00:10.000Z" },
    },
  },
  steps: {},
  measurements: [],
  timeline: [],
  failure: null,
  restoredAt: "2026-11-03T09:07:12.000Z",
  left: [],
  cleanFailure: null,
  objectives: { restore: 900, loss: 300 },
  ...more,
});
const LEFT = {
  arn: "arn:aws:rds:eu-west-1:123456789012:db:orders-db-p-0a1b2c3d",
  why: "orders-db-p-0a1b2c3d was not deleted: AccessDenied",
  usdPerDay: 8.02,
};
const failure = (error: string) => ({
  error,
  cause: "because",
  state: "restore data",
  at: "2026-11-03T09:01:00Z",
});

describe("the verdict over a practice", () => {
  it("measures from its beginning to restored and checked, and how far back the newest moment lay", () => {
    expect(restoreTime(facts())).toEqual({ seconds: 432, objective: 900, met: true });
    expect(lossTime(facts())).toEqual({ seconds: 130, objective: 300, met: true });
  });

  it.each<[string, Partial<PracticeFacts>, string, boolean, string]>([
    ["within the objectives", {}, "restore works", true, "the restore works: 7:12 of 15:00"],
    ["without objectives", { objectives: {} }, "restore works", true, "the restore works: 7:12"],
    [
      "slower than the objective",
      { objectives: { restore: 400 } },
      "restore misses its objectives",
      false,
      "the restore would have missed: restored in 7:12 of 6:40",
    ],
    [
      "with older data than the objective",
      { objectives: { restore: 900, loss: 60 } },
      "restore misses its objectives",
      false,
      "the restore would have missed: data loss 2:10 of 1:00",
    ],
    [
      "that failed",
      { restoredAt: null, failure: failure("ChecksNotPassed") },
      "restore does not work",
      false,
      "the restore does NOT work",
    ],
    [
      "that a run interrupted",
      { restoredAt: null, failure: failure("GaveWay") },
      "practice gave way",
      true,
      "the practice gave way, nothing was measured",
    ],
    [
      "that left something behind",
      { left: [LEFT] },
      "restore works",
      false,
      "the restore works: 7:12 of 15:00; NOT all of it was cleaned up",
    ],
    [
      "whose clean-up failed",
      { cleanFailure: failure("States.Timeout") },
      "restore works",
      false,
      "the restore works: 7:12 of 15:00; NOT all of it was cleaned up",
    ],
  ])("%s", (_, more, outcome, good, line) => {
    expect(verdictOf(facts(more))).toEqual({ outcome, good, line });
  });

  it("names in mail and report what is left, with its price a day", () => {
    const given = facts({ left: [LEFT] });
    const { text, subject } = endMessage(
      { ...given, verb: "end", cleanOnly: false, report: null },
      {
        ...verdictOf(given),
        restoreSeconds: 432,
        lossSeconds: 130,
        left: [LEFT],
        report: null,
      },
    );

    expect(subject).toBe("[orders] practice: the restore works: 7:12 of 15:00; NOT all of it was cleaned up");
    expect(text.replace(/\s+/g, " ")).toContain(`${LEFT.arn} (about USD 8.02 a day): ${LEFT.why}`);
    const at = "2026-11-03T09:20:00.000Z";
    expect(practiceMarkdown({ ...given, verb: "practice" }, at)).toContain(LEFT.arn);
    expect(practicePage({ ...given, verb: "practice" }, at)).toContain("8.02");
  });
});
