import { describe, expect, it } from "vitest";
import type { Criterion } from "../../../lambdas/runtime/protocol.ts";
import { backtest, type PastMetric, transitionsOf } from "../../../lib/plan/backtest.ts";

const START = Date.parse("2026-01-08T10:00:00.000Z");
const minute = (number: number) => START + number * 60_000;
const criterion: Criterion = {
  id: "errors",
  alarm: "shop-errors",
  threshold: "> 10",
  forSeconds: 120,
  periodSeconds: 60,
  missing: "missing",
  decision: "rollback",
  level: "full",
};
/** One value a minute; undefined is a minute without data. */
const metric = (...values: (number | undefined)[]): PastMetric => ({
  criterion: "errors",
  breaches: (value) => value > 10,
  periodSeconds: 60,
  points: values.flatMap((value, index) => (value === undefined ? [] : [{ at: minute(index), value }])),
});
const past = (deployments: { version: string; startedAt: string }[], ...values: (number | undefined)[]) =>
  backtest({
    criteria: [criterion],
    transitions: transitionsOf(metric(...values), criterion),
    deployments,
    deploymentWindowSeconds: 3600,
  });

describe("an alarm's past", () => {
  it("rings after two whole minutes in a row, once, and is well at the first good one", () => {
    expect(transitionsOf(metric(1, 20, 20, 20, 1), criterion)).toEqual([
      { criterion: "errors", at: minute(1), state: "OK" },
      { criterion: "errors", at: minute(3), state: "ALARM" },
      { criterion: "errors", at: minute(5), state: "OK" },
    ]);
  });

  it.each([
    ["missing", 0],
    ["ignore", 0],
    ["notBreaching", 0],
    ["breaching", 1],
  ] as const)("with a gap between two bad minutes, and %s: rings %s times", (missing, rings) => {
    const found = transitionsOf(metric(1, 20, undefined, 20, 1), { ...criterion, missing });

    expect(found.filter(({ state }) => state === "ALARM")).toHaveLength(rings);
  });

  it("does not ring for a blip, nor without data", () => {
    expect(transitionsOf(metric(1, 20, 1, 20, 1), criterion).some(({ state }) => state === "ALARM")).toBe(
      false,
    );
    expect(transitionsOf(metric(), criterion)).toEqual([]);
  });
});

describe("a plan replayed", () => {
  it("would have rolled back after a deployment, by the plan's own decision", () => {
    const found = past([{ version: "1.3.0", startedAt: new Date(minute(0)).toISOString() }], 1, 20, 20, 1);

    expect(found).toMatchObject([
      { decision: "rollback", criterion: "errors", level: "full", deployment: "1.3.0", likelyFalse: false },
    ]);
  });

  it("would have told people only where no deployment explains it, and counts that as likely false", () => {
    const old = { version: "1.2.0", startedAt: "2026-01-01T00:00:00.000Z" };
    const later = { version: "1.4.0", startedAt: new Date(minute(30)).toISOString() };

    expect(past([old, later], 1, 20, 20, 1)).toMatchObject([{ decision: "notify", likelyFalse: true }]);
  });

  it("finds nothing in a quiet time", () => {
    expect(past([], 1, 2, 3, 2, 1)).toEqual([]);
  });
});
