import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { RAMP_ERRORS } from "../../../../lambdas/runtime/protocol.ts";
import { compileHold } from "../../../../lib/workflow/redeploy/hold.ts";
import { compileRedeploy } from "../../../../lib/workflow/redeploy/machine.ts";
import { functionError } from "../play.ts";
import { bindings, registries } from "../registries.ts";
import { allStates, catchers, ends, reachable } from "../walk.ts";
import { breaksAt, climbed, ended, rampPlan, rampRun } from "./ramp.ts";

const validate = createRequire(import.meta.url)("asl-validator") as (definition: object) => {
  isValid: boolean;
  errorsText(): string;
};

/** What people were told, in order: phase and step, or the ending. */
const told = ({ calls }: Awaited<ReturnType<typeof climbed>>) =>
  calls
    .filter(({ fn }) => fn === "announce")
    .map(({ payload }) => {
      const ramp = payload["ramp"] as { phase: string; step: string; ending: string };
      return `${ramp.phase} ${ramp.phase === "ended" ? ramp.ending : ramp.step}`;
    });

/** With a ladder that calls people. */
const calling = rampPlan((each) => {
  each.notify = { email: ["team@shop.example"] };
  each.escalation = { rungs: [{ after: "0m", audiences: ["engineers"] }] };
});
/** Nothing but holds. */
const waiting = rampPlan((each) => {
  each.redeploy!.steps = [each.redeploy!.steps[0]!];
});

/** Whose approvers are asked. */
const asking = (ask: "ramp" | "step") =>
  rampPlan((each) => {
    each.approval = { approvers: ["lead@shop.example"] };
    each.redeploy!.approval = { ask, deadline: "4h" };
  });

describe.each([
  ["a ramp", rampPlan()],
  ["a ramp that is approved once", asking("ramp")],
  ["a ramp whose steps are approved", asking("step")],
  ["a ramp that calls people", calling],
  ["a ramp that changes nothing", waiting],
])("the machine of %s", (_, plan) => {
  const machine = compileRedeploy(plan, bindings, registries);

  it("and that of its holds are valid Amazon States Language", () => {
    for (const each of [machine, compileHold(plan, bindings, registries)]) {
      const result = validate(each);
      expect(result.isValid ? "" : result.errorsText()).toBe("");
    }
  });

  it("ends in Fail on every path that begins in a Catch, but for an approval's deadline", () => {
    let walked = 0;
    for (const { name, state, machine: own } of allStates(machine))
      for (const target of catchers(state)) {
        // The one error that is no failure: what follows is what the table says, and silence holds.
        if (name.startsWith("Ask for ") && target.startsWith("Settle the approval of ")) continue;
        walked += 1;
        for (const end of ends(own, target)) expect({ from: name, ...end }).toMatchObject({ type: "Fail" });
      }
    expect(walked).toBeGreaterThan(10);
  });

  it("catches everything that can be thrown at the top, and has no state that cannot be reached", () => {
    for (const [name, state] of Object.entries(machine.States))
      if (state.Type === "Task" || state.Type === "Parallel")
        // Errors that have a way of their own come before.
        expect({
          name,
          last: (state.Catch ?? []).slice(-2).flatMap((each) => each.ErrorEquals),
        }).toEqual({ name, last: ["States.DataLimitExceeded", "States.ALL"] });
    expect([...reachable(machine, machine.StartAt)].toSorted()).toEqual(
      Object.keys(machine.States).toSorted(),
    );
  });
});

describe("a ramp whose every step holds", () => {
  it("climbs step by step, lets the lock go before each hold, and tells people of each step and each day", async () => {
    const run = await climbed();

    expect(run.status).toBe("SUCCEEDED");
    expect(run.output).toEqual({ outcome: "redeployed", run: rampRun.id, version: "2.4.1" });
    expect(run.changes).toEqual(["apply tenth", "apply all", "apply retries"]);
    expect(told(run)).toEqual([
      "started the start",
      "step staging",
      "step 10 %",
      "progress 10 %",
      "step 100 %",
      "ended redeployed",
    ]);
    const own = run.calls
      .filter(({ fn }) => fn === "redeploy" || fn === "shop-redeploy-hold")
      .map(({ fn, payload }) => (fn === "redeploy" ? payload.verb : payload["name"]));
    expect(own).toEqual([
      "begin",
      "run-1-1-1",
      "enter",
      "leave",
      "run-1-2-1",
      "run-1-2-2",
      "enter",
      "leave",
      "run-1-3-1",
      "end",
      "report",
    ]);
  });

  it("is held for as long as the plan says, in parts of a day", async () => {
    const { calls } = await climbed();
    const holds = calls.filter(({ fn }) => fn === "shop-redeploy-hold").map(({ payload }) => payload);

    expect(holds.map(({ step, seconds, everySeconds }) => [step, seconds, everySeconds])).toEqual([
      [0, 86_400, 600],
      [1, 86_400, 600],
      [1, 86_400, 600],
      [2, 43_200, 3600],
    ]);
  });
});

describe("a ramp whose step does not hold", () => {
  it("goes back to the step before, by that step's own changes, tells people, and settles before it ends", async () => {
    const run = await climbed(breaksAt("100 %", RAMP_ERRORS.fired, "shop-errors is in ALARM"));

    expect(run).toMatchObject({ status: "FAILED", error: "WentBack" });
    expect(run.cause).toContain("shop-errors is in ALARM");
    expect(run.changes.slice(-2)).toEqual(["revert retries", "revert all"]);
    expect(told(run).slice(-2)).toEqual(["back 100 %", "ended back at 10 %"]);
    expect(ended(run)).toMatchObject([{ outcome: "back", ending: "back at 10 %" }]);
    expect(run.states.indexOf("Settle")).toBeGreaterThan(run.states.indexOf("Give the lock back"));
    const back = run.calls.find(({ payload }) => payload.verb === "revert")!;
    expect(back.payload.change).toMatchObject({ before: { id: "old-retries" } });
  });

  it("has nothing to take back when no step has changed anything", async () => {
    const run = await climbed(breaksAt("staging", RAMP_ERRORS.failed));

    expect(run.changes).toEqual([]);
    expect(ended(run)).toMatchObject([{ outcome: "back", ending: "back at the start" }]);
  });

  it("takes back what was begun when a change fails", async () => {
    const run = await climbed(({ payload }) => {
      if (payload.verb === "apply" && payload.step!.id === "retries")
        throw functionError("ChangedSincePreflight", "somebody deployed it");
      return undefined;
    });

    expect(run).toMatchObject({ status: "FAILED", error: "WentBack" });
    expect(run.cause).toContain("somebody deployed it");
    expect(run.changes.slice(-2)).toEqual(["revert retries", "revert all"]);
  });

  it("leaves what cannot be taken back to a person", async () => {
    const run = await climbed((call, calls, now) => {
      if (call.payload.verb === "revert" && call.payload.step!.id === "all")
        throw functionError("ChangedSincePreflight", "somebody deployed it");
      return breaksAt("100 %", RAMP_ERRORS.failed)(call, calls, now);
    });

    expect(run).toMatchObject({ status: "FAILED", error: "RampFailed" });
    expect(run.cause).toContain("Not everything could be taken back: all: ChangedSincePreflight");
    expect(ended(run)).toMatchObject([{ outcome: "failed" }]);
  });

  it("stays where it is when nothing could be measured: that is no reason to act", async () => {
    const run = await climbed(breaksAt("10 %", RAMP_ERRORS.inconclusive));

    expect(run).toMatchObject({ status: "FAILED", error: "RampFailed" });
    expect(run.changes).toEqual(["apply tenth"]);
  });
});

describe("a ramp of a plan with a ladder", () => {
  const ladders = ({ calls }: Awaited<ReturnType<typeof climbed>>) =>
    calls.filter(({ fn }) => fn === "shop-escalation").map(({ payload }) => payload);

  it("calls people when it needs one, and says why", async () => {
    const run = await climbed(breaksAt("10 %", RAMP_ERRORS.inconclusive, "nothing was measured"), calling);

    expect(run).toMatchObject({ status: "FAILED", error: "RampFailed" });
    expect(ladders(run)).toMatchObject([
      {
        name: "run-1-redeploy",
        cause: "redeploy",
        failure: { state: "10 %", cause: "nothing was measured" },
      },
    ]);
  });

  it.each([
    ["was taken back", RAMP_ERRORS.fired, "WentBack"],
    ["is over since another version was deployed", RAMP_ERRORS.replaced, "Replaced"],
  ])("calls people when it %s", async (_, error, called) => {
    const run = await climbed(breaksAt("10 %", error), calling);

    expect(run).toMatchObject({ status: "FAILED", error: called });
    expect(ladders(run)).toMatchObject([{ cause: "redeploy", failure: { error: called } }]);
  });

  it("calls people when it cannot be taken back", async () => {
    const run = await climbed((call, calls, now) => {
      if (call.payload.verb === "revert")
        throw functionError("ChangedSincePreflight", "somebody deployed it");
      return breaksAt("10 %", RAMP_ERRORS.failed)(call, calls, now);
    }, calling);

    expect(ladders(run)).toMatchObject([{ failure: { error: "RampFailed" } }]);
  });

  it("calls nobody when it went all the way, was frozen, or a rollback took over", async () => {
    expect(ladders(await climbed(undefined, calling))).toEqual([]);
    expect(ladders(await climbed(breaksAt("10 %", RAMP_ERRORS.overtaken), calling))).toEqual([]);
    const frozen = await climbed(
      ({ fn, payload }) =>
        fn === "redeploy" && payload.verb === "enter"
          ? { outcome: "frozen", reason: "on call said so", run: rampRun }
          : undefined,
      calling,
    );
    expect(frozen.error).toBe("Frozen");
    expect(ladders(frozen)).toEqual([]);
  });
});

describe("a ramp that something else comes between", () => {
  it("is over when a rollback begins while it holds, and changes nothing more", async () => {
    const run = await climbed(breaksAt("10 %", RAMP_ERRORS.overtaken, "run errors-1 began"));

    expect(run).toMatchObject({ status: "FAILED", error: "Overtaken" });
    expect(run.changes).toEqual(["apply tenth"]);
    expect(ended(run)).toMatchObject([{ outcome: "overtaken", ending: "overtaken" }]);
  });

  it.each(["frozen", "overtaken"])("is over when the next step is not let in: %s", async (outcome) => {
    const run = await climbed(({ fn, payload }) =>
      fn === "redeploy" && payload.verb === "enter" && String(payload.step) === "100 %"
        ? { outcome, reason: "on call said so", run: rampRun }
        : undefined,
    );

    expect(run).toMatchObject({ status: "FAILED", error: outcome === "frozen" ? "Frozen" : "Overtaken" });
    expect(run.changes).toEqual(["apply tenth"]);
    expect(told(run).at(-1)).toBe(`ended ${outcome}`);
    const last = run.calls.at(-1)!.payload["ramp"] as { step: string; because: string };
    expect(last).toMatchObject({ step: "10 %", because: "on call said so" });
  });

  it("does not go back while it is frozen either, and says so", async () => {
    const run = await climbed((call, calls, now) =>
      call.fn === "redeploy" && call.payload["direction"] === "back"
        ? { outcome: "frozen", reason: "on call froze it", run: rampRun }
        : breaksAt("10 %", RAMP_ERRORS.fired, "it rang")(call, calls, now),
    );

    expect(run).toMatchObject({ status: "FAILED", error: "Frozen" });
    expect(run.changes).toEqual(["apply tenth"]);
    expect(run.cause).toContain("it rang. It was not taken back: on call froze it");
  });

  it("goes back from the step before when a criterion fired just as that was over", async () => {
    const run = await climbed(({ fn, payload }) =>
      fn === "redeploy" && payload["direction"] === "up" && String(payload.step) === "100 %"
        ? { outcome: "fired", reason: "it rang", run: rampRun }
        : undefined,
    );

    expect(run.changes).toEqual(["apply tenth", "revert tenth"]);
    expect(ended(run)).toMatchObject([{ ending: "back at staging" }]);
  });

  it("goes back from the last step when a criterion fired in the last moment", async () => {
    const run = await climbed(({ fn, payload }) =>
      fn === "redeploy" && payload.verb === "end" && payload.outcome === "redeployed"
        ? { ended: false, note: "" }
        : undefined,
    );

    expect(run).toMatchObject({ status: "FAILED", error: "WentBack" });
    expect(run.changes.slice(-2)).toEqual(["revert retries", "revert all"]);
  });

  it("changes nothing when it may not begin", async () => {
    const run = await climbed(({ fn, payload }) =>
      fn === "redeploy" && payload.verb === "begin"
        ? { outcome: "refused", reason: "version 2.4.0 was rolled back from", run: rampRun }
        : undefined,
    );

    expect(run).toMatchObject({ status: "FAILED", error: "Refusal" });
    expect(run.changes).toEqual([]);
    expect(told(run)).toEqual(["ended refused"]);
  });
});
