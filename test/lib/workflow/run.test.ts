import { describe, expect, it } from "vitest";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { smallPlan } from "./plans.ts";
import { type Call, functionError, run } from "./play.ts";
import { measurement, moments, only, played, verbs } from "./played.ts";
import { bindings, registries } from "./registries.ts";

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
    expect(only(ended.calls, "preflight").map(({ payload }) => payload["steps"])).toEqual([
      ["restore", "key", "db-address"],
    ]);
    expect(only(ended.calls, "preflight")[0]!.payload["expected"]).toMatchObject(
      ["make", "point"].map((of) => ({ of, as: "write" })),
    );
    expect(only(ended.calls, "announce")[0]!.payload["planned"]).toEqual({
      steps: ["restore", "key", "db-address"],
      unknown: "",
    });
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
