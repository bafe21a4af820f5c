import { describe, expect, it } from "vitest";
import { recalled } from "../../../lambdas/recall/recalled.ts";

const report = (change: Record<string, unknown> = {}) => ({
  outcome: "succeeded",
  run: { id: "run-0", plan: "abc" },
  decision: { level: "full" },
  changes: { address: { before: { value: "a" }, after: { value: "b" }, summary: "address: a → b" } },
  steps: { address: { value: "b" } },
  ...change,
});

describe("what an ended run changed", () => {
  it("comes back as it was recorded, and is told as taken back", () => {
    expect(recalled(report(), "run-0", "abc", false)).toMatchObject({
      changes: report().changes,
      steps: report().steps,
      summaries: { address: { summary: "taken back: address: a → b" } },
      decision: { decision: "rollback", rule: "undo", because: expect.stringContaining("run-0") },
    });
    expect(recalled(report(), "run-0", "abc", true).decision.decision).toBe("approve");
  });

  it.each([
    ["a run that failed was reverted then", report({ outcome: "failed" }), /ended as failed/],
    ["an undo is not undone", report({ run: { plan: "abc", undoes: "run-9" } }), /undoing of run-9/],
    ["the plan is another by now", report({ run: { plan: "xyz" } }), /plan has changed/],
    ["the report is no report", { outcome: "succeeded" }, /cannot be read/],
    ["there is nothing in it", null, /cannot be read/],
  ])("is refused, with nothing undone: %s", (_, given, words) => {
    expect(() => recalled(given, "run-0", "abc", false)).toThrowError(words);
    expect(() => recalled(given, "run-0", "abc", false)).toThrowError(/Nothing was undone/);
  });
});
