import { describe, expect, it } from "vitest";
import { TASK_SECONDS } from "../../../lib/workflow/deadline.ts";
import { smallPlan } from "./plans.ts";
import { type Answer, functionError } from "./play.ts";
import { measurement, moments, only, played, verbs } from "./played.ts";

describe("a run that fails", () => {
  const failing =
    (verb: string, id: string, phase?: string): Answer =>
    ({ payload }) => {
      if (
        payload.verb === verb &&
        (payload.step ?? payload.check)!.id === id &&
        (phase === undefined || payload.phase === phase)
      )
        throw functionError("Broken", `${verb} ${id}`);
      return undefined;
    };
  const reverts = (changes: string[]) => changes.filter((each) => each.startsWith("revert"));

  it.each([
    ["apply", "restore", ["revert restore"]],
    ["poll", "restore", ["revert restore"]],
    ["measure", "rows", ["revert restore"]],
    ["apply", "key", ["revert db-address", "revert key", "revert restore"]],
    ["poll", "db-address", ["revert db-address", "revert key", "revert restore"]],
  ])("%s %s: everything begun is undone, newest first", async (verb, id, expected) => {
    const ended = await played(failing(verb, id));

    expect(ended).toMatchObject({ status: "FAILED", error: "Broken" });
    expect(reverts(ended.changes)).toEqual(expected);
    expect(moments(ended.calls).at(-1)).toBe("failed");
    const told = only(ended.calls, "announce").at(-1)!.payload;
    expect(told).toMatchObject({
      failure: { error: "Broken" },
      reverts: expected.map((each) => ({ step: each.slice(7), reverted: true })),
      report: { bucket: "reports" },
    });
    expect(only(ended.calls, "release").map(({ payload }) => payload.outcome)).toEqual(["failed"]);
  });

  it("a check of a stage that does not pass is as bad as a step that failed, and says what it measured", async () => {
    const ended = await played((call) =>
      call.payload.check?.id === "rows" ? measurement(call, "failed") : undefined,
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "ChecksNotPassed" });
    expect(ended.cause).toContain("rows is failed (0 %, must be < 1 %)");
    expect(reverts(ended.changes)).toEqual(["revert restore"]);
  });

  it.each(["error", "inconclusive", "so-so", undefined])(
    "a stage check that answers %s has not passed",
    async (verdict) => {
      const ended = await played((call) =>
        call.payload.check?.id === "rows" ? { check: "rows", verdict } : undefined,
      );

      expect(ended).toMatchObject({ status: "FAILED", error: "ChecksNotPassed" });
      expect(verbs(ended.calls, "apply")).toEqual(["restore"]);
    },
  );

  it("nothing is undone while what was begun beside a step that failed may still be at work", async () => {
    const at: Record<string, number> = {};
    const ended = await played((call, calls, now) => {
      if (call.payload.step) at[`${call.payload.verb} ${call.payload.step.id}`] ??= now;
      return failing("apply", "key")(call, calls, now);
    });

    // Lambda does not stop a function because Step Functions no longer waits for it.
    expect(ended.changes).toContain("apply db-address");
    expect(at["revert db-address"]! - at["apply db-address"]!).toBeGreaterThanOrEqual(
      TASK_SECONDS.apply * 1000,
    );
  });

  it.each([
    ["States.Timeout", TASK_SECONDS.apply],
    ["Lambda.SdkClientException", TASK_SECONDS.apply],
    ["Broken", 0],
  ])("a lone step that failed as %s is undone after %i seconds", async (error, seconds) => {
    let failedAt = 0;
    let undoneAt = 0;
    await played(({ payload }, _, now) => {
      if (payload.verb === "revert") undoneAt = now;
      if (payload.verb !== "apply" || payload.step!.id !== "restore") return undefined;
      failedAt = now;
      throw functionError(error, "nobody answered");
    });

    expect((undoneAt - failedAt) / 1000).toBe(seconds);
  });

  it("a step that is never done fails at its deadline and is undone", async () => {
    const ended = await played(({ payload }) =>
      payload.verb === "poll" && payload.step!.id === "restore"
        ? { done: false, note: "backing-up" }
        : undefined,
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "StepDeadlineExceeded" });
    expect(ended.cause).toContain("backing-up");
    expect(reverts(ended.changes)).toEqual(["revert restore"]);
    expect((ended.clock.now() - ended.clock.origin) / 1000).toBeLessThan(700);
  });

  it("a step that takes hours is polled ever more rarely, and found done at most a twentieth late", async () => {
    const plan = smallPlan((each) => {
      each.stages[0]!.steps[0]!.timeout = "4h";
    });
    const doneAfter = 3 * 3600_000;
    let began: number | undefined;
    const polled: number[] = [];
    const ended = await played(({ payload }, _, now) => {
      if (payload.step?.id !== "restore") return undefined;
      if (payload.verb === "apply") began = now;
      if (payload.verb !== "poll") return undefined;
      polled.push(now - began!);
      return now - began! < doneAfter ? { done: false, note: "restoring" } : undefined;
    }, plan);

    expect(ended.status).toBe("SUCCEEDED");
    expect(polled[0]).toBe(30_000);
    expect(polled.length).toBeLessThan(85);
    expect(polled.at(-1)).toBeLessThan(1.06 * doneAfter);
  });

  it("a revert that throws is recorded and the next ones are still made", async () => {
    const relapsed = await played((call, calls, now) =>
      call.payload.check?.id === "health"
        ? measurement(call, "failed")
        : failing("revert", "db-address")(call, calls, now),
    );
    expect(reverts(relapsed.changes)).toEqual(["revert db-address", "revert key", "revert restore"]);
    expect(only(relapsed.calls, "announce").at(-1)!.payload["reverts"]).toEqual([
      { step: "db-address", reverted: false, note: expect.stringContaining("Broken") },
      { step: "key", reverted: true, note: "key is as before" },
      { step: "restore", reverted: true, note: "restore is as before" },
    ]);
  });

  it("a revert that takes minutes is polled, with its progress, up to its deadline", async () => {
    let polls = 0;
    const ended = await played((call) => {
      const { payload } = call;
      if (payload.check?.id === "rows") return measurement(call, "failed");
      if (payload.verb === "revert") return { done: false, note: "moving back", progress: { change: "C1" } };
      if (payload.phase === "revert") {
        polls += 1;
        return { done: false, note: "PENDING", progress: { change: "C1" } };
      }
      return undefined;
    });

    expect(ended.status).toBe("FAILED");
    expect(polls).toBeGreaterThan(15);
    expect(polls).toBeLessThan(25);
    expect(ended.calls.find(({ payload }) => payload.phase === "revert")!.payload.progress).toEqual({
      change: "C1",
    });
    expect(only(ended.calls, "announce").at(-1)!.payload["reverts"]).toEqual([
      { step: "restore", reverted: false, note: "not undone after 600 seconds; last: PENDING" },
    ]);
  });

  it("report and mail may fail on the way down: the lock is still kept and the first failure counts", async () => {
    const ended = await played((call, calls, now) => {
      if (call.fn === "report" || call.payload.moment === "failed")
        throw functionError("MailDown", "no mail");
      return failing("apply", "restore")(call, calls, now);
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "Broken" });
    expect(only(ended.calls, "release").map(({ payload }) => payload.outcome)).toEqual(["failed"]);
  });

  it("a person is called within five minutes of the way back's end, however the report hangs", async () => {
    let undoneAt = 0;
    let toldAt = 0;
    const ended = await played((call, calls, now) => {
      const { fn, payload } = call;
      if (payload.verb === "revert") undoneAt = now;
      if (payload.moment === "failed") toldAt = now;
      if (fn === "report") throw functionError("ServiceUnavailable", "S3 does not answer");
      return failing("apply", "restore")(call, calls, now);
    });

    const attempts = only(ended.calls, "report").length;
    expect(attempts).toBeGreaterThan(1);
    // Each attempt may take all of its time before it fails.
    expect((toldAt - undoneAt) / 1000 + attempts * TASK_SECONDS.report).toBeLessThan(300);
  });

  it("on hold undoes nothing", async () => {
    const ended = await played(
      failing("apply", "key"),
      smallPlan((plan) => (plan.onFailure = "hold")),
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "Broken" });
    expect(reverts(ended.changes)).toEqual([]);
  });

  it("an error without a cause does not stop the way back", async () => {
    const { StateFailure } = await import("../../../sandbox/states/failure.ts");
    const ended = await played(({ payload }) => {
      if (payload.verb === "apply" && payload.step!.id === "key") throw new StateFailure("Unheard.Of");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "Unheard.Of" });
    expect(reverts(ended.changes)).toEqual(["revert db-address", "revert key", "revert restore"]);
  });

  it("an apply that dies once is called again, an unknown error of an apply is not", async () => {
    let died = false;
    const once: Answer = ({ payload }) => {
      if (payload.verb !== "apply" || payload.step!.id !== "restore" || died) return undefined;
      died = true;
      throw functionError("Lambda.Unknown", "exited");
    };
    expect((await played(once)).changes.filter((each) => each === "apply restore")).toHaveLength(2);
    expect(
      (await played(failing("apply", "restore"))).changes.filter((each) => each === "apply restore"),
    ).toHaveLength(1);
  });
});
