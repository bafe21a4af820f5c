import { describe, expect, it } from "vitest";
import type { Plan } from "../../../lib/plan/schema.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { smallPlan } from "./plans.ts";
import { type Answer, type Call, functionError, type Played, play, run, wellBehaved } from "./play.ts";
import { bindings, registries } from "./registries.ts";

const played = (answer: Answer = () => undefined, plan: Plan = smallPlan(), input = {}) =>
  play(compileWorkflow(plan, registries, bindings).definition, answer, input);

const moments = (calls: Call[]) => calls.flatMap(({ payload }) => payload.moment ?? []);
const only = (calls: Call[], fn: string) => calls.filter((call) => call.fn === fn);
const verbs = (calls: Call[], verb: string) =>
  calls.filter(({ payload }) => payload.verb === verb).map(({ payload }) => payload.step!.id);
const measurement = (call: Call, verdict: string) => ({ ...(wellBehaved(call) as object), verdict });

/** When a state was first entered, epoch milliseconds. */
const entered = ({ history }: Played, state: string) =>
  history.events.find((event) => event.stateEnteredEventDetails?.name === state)!.timestamp!.getTime();

describe("a run in which all goes well", () => {
  it("succeeds, stage after stage, and releases the lock", async () => {
    const ended = await played();

    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "rolled back", run: "run-1", level: "full" },
    });
    expect(ended.changes[0]).toBe("apply restore");
    expect(ended.changes.slice(1).toSorted()).toEqual(["apply db-address", "apply key"]);
    expect(moments(ended.calls)).toEqual(["started", "verified", "progress", "progress", "succeeded"]);
    expect(only(ended.calls, "release").map(({ payload }) => payload.outcome)).toEqual(["succeeded"]);
  });

  it("resolves every change before it makes the first", async () => {
    const { calls } = await played();

    const firstApply = calls.findIndex(({ payload }) => payload.verb === "apply");
    expect(verbs(calls.slice(0, firstApply), "preflight").toSorted()).toEqual([
      "db-address",
      "key",
      "restore",
    ]);
    expect(verbs(calls.slice(firstApply), "preflight")).toEqual([]);
  });

  it("gives a later preflight what is expected, and a later apply what is real", async () => {
    const { calls } = await played();

    const inputs = calls
      .filter(({ payload }) => payload.step?.id === "db-address")
      .map(({ payload }) => [payload.verb, payload.input]);
    expect(inputs[0]).toEqual(["preflight", { target: "restore.expected" }]);
    expect(inputs[1]).toEqual(["apply", { target: "restore.real" }]);
    expect(only(calls, "probe")[0]!.payload.input).toEqual({ target: "restore.real" });
  });

  it("hands the change of preflight to apply and poll, and progress from call to call", async () => {
    let polls = 0;
    const { calls } = await played(({ payload }) => {
      if (payload.verb !== "poll" || payload.step!.id !== "restore") return undefined;
      polls += 1;
      return polls < 3 ? { done: false, note: "still", progress: { polls } } : undefined;
    });

    const restore = calls.filter(({ payload }) => payload.step?.id === "restore");
    expect(restore.map(({ payload }) => payload.verb)).toEqual([
      "preflight",
      "apply",
      "poll",
      "poll",
      "poll",
    ]);
    for (const { payload } of restore.slice(1))
      expect(payload.change).toMatchObject({ before: { id: "old-restore" } });
    expect(restore.slice(2).map(({ payload }) => payload.progress)).toEqual([
      { polls: 0 },
      { polls: 1 },
      { polls: 2 },
    ]);
  });

  it("reads under the read role and changes under the write role", async () => {
    const { calls } = await played();

    for (const { fn, payload } of calls.filter(({ payload: { step } }) => step))
      expect([payload.verb, fn]).toEqual([
        payload.verb,
        `${fn.split("-")[0]}-${payload.verb === "apply" ? "write" : "read"}`,
      ]);
  });

  it("watches for as long as the plan says, whatever a measurement takes", async () => {
    const plan = smallPlan((each) => Object.assign(each.watch, { for: "30m", every: "1m", progress: "10m" }));
    const ended = await played(undefined, plan);

    const at = (state: string) =>
      ended.history.events
        .filter((event) => event.stateEnteredEventDetails?.name === state)
        .map((event) => event.timestamp!.getTime());
    expect(at("Watch")).toHaveLength(30);
    expect(at("Report")[0]! - at("Begin watch")[0]!).toBe(30 * 60_000);
    expect(moments(ended.calls)).toEqual(["started", "verified", "progress", "progress", "succeeded"]);
  });

  it("does not wait for its first mail and its progress mails, and does wait for the last", async () => {
    const { calls } = await played();

    expect(only(calls, "announce").map((call) => call.async)).toEqual([true, true, true, true, false]);
  });
});

describe("ends at which nothing is changed", () => {
  const untouched = (calls: Call[]) =>
    calls.filter(({ payload }) => payload.verb === "apply" || payload.verb === "revert");

  it.each(["notify", "ignore"])("decision %s: told and released without a preflight", async (decision) => {
    const ended = await played(({ fn }) =>
      fn === "decide" ? { decision, level: "full", rule: "errors", because: "so", inputs: {} } : undefined,
    );

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { outcome: "notified" } });
    expect(verbs(ended.calls, "preflight")).toEqual([]);
    expect(moments(ended.calls)).toEqual(["notified"]);
    expect(only(ended.calls, "release")).toHaveLength(1);
  });

  it("a dry run: every change resolved and shown, none made", async () => {
    const ended = await played(({ fn }) =>
      fn === "admit"
        ? { admitted: true, outcome: "admitted", reason: "", run: { ...run, dryRun: true } }
        : undefined,
    );

    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      output: { outcome: "dry-run", changes: { restore: { summary: "restore: old → new" } } },
    });
    expect(untouched(ended.calls)).toEqual([]);
    expect(Object.keys(only(ended.calls, "announce")[0]!.payload["changes"] as object).toSorted()).toEqual([
      "db-address",
      "key",
      "restore",
    ]);
  });

  it("a decision that needs a person: the resolved changes are shown, nothing is changed", async () => {
    const ended = await played(({ fn }) =>
      fn === "decide"
        ? { decision: "approve", level: "full", rule: "errors", because: "so", inputs: {} }
        : undefined,
    );

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { outcome: "approval" } });
    expect(untouched(ended.calls)).toEqual([]);
    expect(moments(ended.calls)).toEqual(["approval"]);
  });

  it("a run that joins another one", async () => {
    const ended = await played(({ fn }) =>
      fn === "admit" ? { admitted: false, outcome: "joined", reason: "run-0 goes on", run } : undefined,
    );

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { outcome: "joined" } });
    expect(ended.calls.map((call) => call.fn)).toEqual(["admit"]);
  });

  it.each([
    ["frozen", "Frozen"],
    ["exhausted", "AttemptsExhausted"],
    ["refused", "NotAdmitted"],
  ])("%s: a person is told and the run fails", async (outcome, error) => {
    const ended = await played(({ fn }) =>
      fn === "admit" ? { admitted: false, outcome, reason: "because", run } : undefined,
    );

    expect(ended).toMatchObject({ status: "FAILED", error, cause: "because" });
    expect(moments(ended.calls)).toEqual(["refused"]);
  });

  it("a preflight that refuses: reported, told, the lock kept, nothing to revert", async () => {
    const ended = await played(({ payload }) => {
      if (payload.verb === "preflight" && payload.step!.id === "key")
        throw functionError("VersionMissing", "no such version");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "VersionMissing" });
    expect(untouched(ended.calls)).toEqual([]);
    expect(moments(ended.calls)).toEqual(["failed"]);
    expect(only(ended.calls, "release").map(({ payload }) => payload.outcome)).toEqual(["failed"]);
  });

  it("Admit itself fails: people are still told, about this run", async () => {
    const ended = await played(({ fn }) => {
      if (fn === "admit") throw functionError("TableGone", "no table");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "TableGone" });
    expect(only(ended.calls, "announce")[0]!.payload).toMatchObject({
      moment: "failed",
      run: { id: "run-1", service: "shop" },
      decision: null,
    });
  });
});

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

describe("levels", () => {
  it("run, preflight and undo only the stages of the decided level", async () => {
    const plan = smallPlan((each) => {
      each.stages.unshift({
        name: "flag off",
        levels: ["flag", "full"],
        steps: [{ id: "flag", action: "make" }],
      });
      each.stages[1]!.levels = ["full"];
      each.stages[2]!.levels = ["full"];
    });
    const atLevel =
      (level: string): Answer =>
      (call) => {
        if (call.fn === "decide")
          return { decision: "rollback", level, rule: "errors", because: "so", inputs: {} };
        return call.payload.check?.id === "health" ? measurement(call, "failed") : undefined;
      };

    const flag = await played(atLevel("flag"), plan);
    expect(verbs(flag.calls, "preflight")).toEqual(["flag"]);
    expect(flag.changes).toEqual(["apply flag", "revert flag"]);
    const full = await played(atLevel("full"), plan);
    expect(full.changes.slice(-4)).toEqual([
      "revert db-address",
      "revert key",
      "revert restore",
      "revert flag",
    ]);
  });
});

describe("a plan that says what would be worse", () => {
  const plan = smallPlan((each) => {
    each.worse = {
      metric: { namespace: "Shop", name: "Errors", statistic: "Average" },
      by: 5,
      wait: "1m",
      after: ["switch"],
    };
  });
  const measuring =
    (...values: [value: number | null, worse: boolean][]): Answer =>
    (call, calls) => {
      if (call.fn !== "compare") return undefined;
      const [value, worse] = values[only(calls, "compare").length - 1]!;
      return { value, worse, note: `Errors is ${value}` };
    };

  it("measures before the first change, and hands it to the comparison after the stage", async () => {
    const ended = await played(measuring([12, false], [13, false]), plan);

    expect(ended.status).toBe("SUCCEEDED");
    expect(only(ended.calls, "compare").map(({ payload }) => payload["before"])).toEqual([null, 12]);
    expect(ended.states.indexOf("Measure before")).toBeLessThan(ended.states.indexOf("Apply restore"));
  });

  it("undoes a stage that made it worse, and says what was measured", async () => {
    const ended = await played(measuring([12, false], [60, true]), plan);

    expect(ended).toMatchObject({
      status: "FAILED",
      error: "GotWorse",
      cause: expect.stringContaining("the service got worse: Errors is 60"),
    });
    expect(ended.changes.slice(-3)).toEqual(["revert db-address", "revert key", "revert restore"]);
  });

  it("takes a value that could not be measured for no evidence", async () => {
    const ended = await played(measuring([null, false], [null, false]), plan);

    expect(ended.status).toBe("SUCCEEDED");
  });
});

describe("a run that climbs", () => {
  const plan = smallPlan((each) => {
    each.triggers[0]!.level = "flag";
    each.levels = [
      { name: "flag", within: "5m" },
      { name: "config", within: "5m" },
      { name: "full", within: "15m" },
    ];
    const step = (id: string) => [{ id, action: "make" }];
    each.stages = [
      { name: "flag off", levels: ["flag"], steps: step("flag") },
      { name: "old settings", levels: ["config"], steps: step("settings") },
      { name: "old code", levels: ["full"], steps: step("code") },
      { name: "tell caches", steps: step("caches") },
    ];
  });
  const atFlag = { decision: "rollback", level: "flag", rule: "errors", because: "so", inputs: {} };
  /** The service is well once a step was applied. */
  const healedBy =
    (step: string): Answer =>
    (call, calls) => {
      if (call.fn === "decide") return atFlag;
      if (call.payload.check?.id !== "health") return undefined;
      const healed = calls.some(({ payload }) => payload.verb === "apply" && payload.step!.id === step);
      return measurement(call, healed ? "passed" : "failed");
    };

  it("ends at the gentlest level that helps, within one run", async () => {
    const ended = await played(healedBy("settings"), plan);

    expect(ended.status).toBe("SUCCEEDED");
    expect(ended.changes).toEqual(["apply flag", "apply caches", "apply settings"]);
    expect(ended.output).toMatchObject({ level: "config" });
    expect(only(ended.calls, "report")[0]!.payload["objectives"]).toMatchObject({ verified: 300 });
  });

  it("resolves what every level may change before it changes anything", async () => {
    const ended = await played(healedBy("flag"), plan);

    expect(verbs(ended.calls, "preflight")).toEqual(["flag", "settings", "code", "caches"]);
    expect(ended.changes).toEqual(["apply flag", "apply caches"]);
  });

  it("gives each level its time before it climbs", async () => {
    const ended = await played(healedBy("settings"), plan);
    const at = (state: string) => entered(ended, state);

    expect(at("Climb to config") - at("flag off")).toBeGreaterThanOrEqual(5 * 60_000);
    expect(at("Climb to config") - at("flag off")).toBeLessThan(6 * 60_000);
  });

  it("climbs from a watch that relapses, and undoes everything when no level helped", async () => {
    const ended = await played((call) => {
      if (call.fn === "decide") return atFlag;
      return call.payload.check?.id === "error-rate" ? measurement(call, "failed") : undefined;
    }, plan);

    expect(ended).toMatchObject({ status: "FAILED", error: "NoLevelHelped" });
    expect(ended.changes).toEqual([
      "apply flag",
      "apply caches",
      "apply settings",
      "apply code",
      "revert caches",
      "revert code",
      "revert settings",
      "revert flag",
    ]);
  });

  it("does not climb on what it could not measure: a person is called", async () => {
    const ended = await played((call) => {
      if (call.fn === "decide") return atFlag;
      return call.payload.check?.id === "health" ? measurement(call, "inconclusive") : undefined;
    }, plan);

    expect(ended).toMatchObject({ status: "FAILED", error: "VerificationInconclusive" });
    expect(ended.changes).toEqual(["apply flag", "apply caches"]);
  });

  it("begins at the level its trigger asks for", async () => {
    const ended = await played(
      (call) => (call.fn === "decide" ? { ...atFlag, level: "full" } : undefined),
      plan,
    );

    expect(verbs(ended.calls, "preflight")).toEqual(["code", "caches"]);
    expect(ended.changes).toEqual(["apply code", "apply caches"]);
  });
});

describe("retries", () => {
  it("repeat an unknown error of a preflight, and not a refusal", async () => {
    const refusing = (name: string) =>
      played(({ payload }) => {
        if (payload.verb === "preflight" && payload.step!.id === "restore") throw functionError(name, "no");
        return undefined;
      });

    expect(verbs((await refusing("Refusal")).calls, "preflight")).toEqual(["restore"]);
    expect(verbs((await refusing("TypeError")).calls, "preflight")).toEqual([
      "restore",
      "restore",
      "restore",
    ]);
    expect(verbs((await refusing("Throttled")).calls, "preflight").length).toBeGreaterThan(4);
  });
});

describe("the estimate", () => {
  it("counts at least the events that a good run has, and no more than a tenth more", async () => {
    const plan = smallPlan();
    const { estimate } = compileWorkflow(plan, registries, bindings);
    const { history, states } = await played();

    expect(history.events.length).toBeLessThanOrEqual(estimate.historyEvents.best);
    expect(estimate.historyEvents.best).toBeLessThan(1.1 * history.events.length);
    expect(Math.abs(estimate.transitions.best - states.length)).toBeLessThanOrEqual(3);
  });

  it("is not passed by a run that uses every poll, fails at the end and undoes everything slowly", async () => {
    const plan = smallPlan();
    const { estimate, definition } = compileWorkflow(plan, registries, bindings);
    let polls = 0;
    let rounds = 0;
    const { history, clock, status } = await played((call) => {
      const { payload } = call;
      if (payload.verb === "poll" && payload.phase === "apply") {
        polls += 1;
        return polls % 19 === 0 ? undefined : { done: false, note: "still" };
      }
      if (payload.verb === "revert" || payload.phase === "revert") return { done: false, note: "still" };
      if (payload.check?.id !== "error-rate") return undefined;
      rounds += 1;
      return rounds === 5 ? measurement(call, "failed") : undefined;
    });
    expect(status).toBe("FAILED");
    expect(history.events.length).toBeLessThan(estimate.historyEvents.worst);
    expect((clock.now() - clock.origin) / 1000).toBeLessThan(definition.TimeoutSeconds!);
  });
});
