import { describe, expect, it } from "vitest";
import { smallPlan } from "./plans.ts";
import { type Answer, type Call, functionError } from "./play.ts";
import { measurement, played } from "./played.ts";

describe("verification and watch", () => {
  const rounds = (calls: Call[]) => calls.filter(({ payload }) => payload.check?.id === "error-rate").length;
  const inRound =
    (verdicts: (string | undefined)[]): Answer =>
    (call, calls) => {
      if (call.payload.check?.id !== "error-rate") return undefined;
      return measurement(call, verdicts[rounds(calls) - 1] ?? "passed");
    };
  const tolerating = (tolerate: number) => smallPlan((plan) => (plan.watch.tolerate = tolerate));

  it("a relapse in the third round is undone, newest first", async () => {
    const ended = await played(inRound(["passed", "passed", "failed"]));

    expect(ended).toMatchObject({ status: "FAILED", error: "Relapsed" });
    expect(rounds(ended.calls)).toBe(3);
    expect(ended.changes.slice(-3)).toEqual(["revert db-address", "revert key", "revert restore"]);
  });

  it("what cannot be measured is no reason to act: held, not undone, not a success", async () => {
    const ended = await played(inRound(["passed", "inconclusive"]));

    expect(ended).toMatchObject({ status: "FAILED", error: "WatchInconclusive" });
    expect(ended.changes.filter((each) => each.startsWith("revert"))).toEqual([]);
  });

  it("tolerates as many inconclusive rounds in a row as the plan says", async () => {
    const gap = ["passed", "inconclusive", "inconclusive", "passed", "passed"];

    expect((await played(inRound(gap), tolerating(2))).status).toBe("SUCCEEDED");
    expect((await played(inRound(gap), tolerating(1))).status).toBe("FAILED");
  });

  it("does not end well on a round that measured nothing", async () => {
    const ended = await played(
      inRound(["passed", "passed", "passed", "passed", "inconclusive"]),
      tolerating(3),
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "WatchInconclusive" });
  });

  it("a failed verification is undone", async () => {
    const ended = await played((call) =>
      call.payload.check?.id === "health" ? measurement(call, "failed") : undefined,
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "ChecksNotPassed" });
    expect(ended.changes.filter((each) => each.startsWith("revert"))).toHaveLength(3);
  });

  it("the worst of several checks counts", async () => {
    const plan = smallPlan(
      (each) => (each.verify = ["one", "two", "three"].map((id) => ({ id, check: "probe" }))),
    );
    const verdicts: Record<string, string> = { one: "inconclusive", two: "failed", three: "passed" };
    const ended = await played(
      (call) =>
        call.payload.check && verdicts[call.payload.check.id]
          ? measurement(call, verdicts[call.payload.check.id]!)
          : undefined,
      plan,
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "ChecksNotPassed" });
    expect(ended.cause).toContain("one is inconclusive");
    expect(ended.cause).toContain("two is failed");
    expect(ended.cause).not.toContain("three");
  });

  it.each(["inconclusive", "error", "so-so", undefined])(
    "one check that answers %s beside one that passed is not success, and no reason to undo",
    async (verdict) => {
      const plan = smallPlan((each) => {
        each.verify = ["one", "two"].map((id) => ({ id, check: "probe" }));
      });
      const ended = await played(
        ({ payload }) => (payload.check?.id === "two" ? { check: "two", verdict } : undefined),
        plan,
      );

      expect(ended).toMatchObject({ status: "FAILED", error: "VerificationInconclusive" });
      expect(ended.cause).toContain("two");
      expect(ended.changes.filter((each) => each.startsWith("revert"))).toEqual([]);
    },
  );

  it("a last mail that fails leaves the verified rollback in place", async () => {
    const ended = await played((call) => {
      if (call.payload.moment === "succeeded") throw functionError("MailDown", "no mail");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "MailDown" });
    expect(ended.changes.filter((each) => each.startsWith("revert"))).toEqual([]);
  });
});
