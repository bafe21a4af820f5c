import { describe, expect, it } from "vitest";
import { RAMP_ERRORS } from "../../../../lambdas/runtime/protocol.ts";
import { rampBound } from "../../../../lib/workflow/redeploy/bound.ts";
import { StateFailure } from "../../../../sandbox/states/failure.ts";
import type { Answer } from "../play.ts";
import { registries } from "../registries.ts";
import { climbed, ended, rampPlan, rampRun } from "./ramp.ts";

const asking = (ask: "ramp" | "step") =>
  rampPlan((each) => {
    each.approval = { approvers: ["lead@shop.example"], atDeadline: "rollback" };
    each.redeploy!.approval = { ask, deadline: "4h" };
  });

const lets: Answer = ({ fn, payload }) =>
  fn === "redeploy" && payload.verb === "ask"
    ? { outcome: "admitted", reason: "asked", run: rampRun }
    : undefined;

/** Everybody says yes, but for what a test answers itself. */
const asked = (ask: "ramp" | "step", answer: Answer = () => undefined) =>
  climbed((call, calls, now) => answer(call, calls, now) ?? lets(call, calls, now), asking(ask));

const questions = ({ calls }: Awaited<ReturnType<typeof climbed>>) =>
  calls
    .filter(({ fn, payload }) => fn === "approval" && payload.verb === "ask")
    .map(({ payload }) => payload as unknown as { run: { id: string }; changes: object; asking: object });

/** Of the question about one step. */
const isAbout = (payload: object, run: string) => (payload as { run?: { id: string } }).run?.id === run;

describe("a ramp that approvers must let begin", () => {
  it("asks once, about every change, before anything is changed, and without the lock", async () => {
    const run = await asked("ramp");
    const [question, ...more] = questions(run);

    expect(run.status).toBe("SUCCEEDED");
    expect(more).toEqual([]);
    expect(question!.run.id).toBe("run-1");
    expect(Object.keys(question!.changes)).toEqual(["tenth", "all", "retries"]);
    expect(question!.asking).toMatchObject({
      approvers: ["lead@shop.example"],
      atDeadline: { "the ramp": { action: "hold" } },
    });
    const verbs = run.calls.map(({ payload }) => payload.verb);
    expect(verbs.indexOf("ask")).toBeLessThan(verbs.indexOf("enter"));
  });

  it("goes back to nothing when a criterion fires during the wait, without a time to settle", async () => {
    const run = await asked("ramp", ({ fn, payload }) => {
      if (fn === "approval" && payload.verb === "ask")
        throw new StateFailure(RAMP_ERRORS.fired, "shop-errors is in ALARM");
      return undefined;
    });

    expect(run).toMatchObject({ status: "FAILED", error: "WentBack" });
    expect(run.states).not.toContain("Settle");
    expect(ended(run)).toMatchObject([{ outcome: "back", ending: "back at the start" }]);
  });
});

describe("a ramp whose every step is approved", () => {
  it("asks before each step that changes something, about its changes alone, and under a question of its own", async () => {
    const run = await asked("step");

    expect(run.status).toBe("SUCCEEDED");
    expect(questions(run).map((each) => [each.run.id, Object.keys(each.changes)])).toEqual([
      ["run-1-step-2", ["tenth"]],
      ["run-1-step-3", ["all", "retries"]],
    ]);
    const own = run.calls.flatMap(({ fn, payload }) =>
      ["ask", "settle", "enter"].includes(payload.verb ?? "") ? [`${fn} ${payload.verb}`] : [],
    );
    const once = ["redeploy ask", "approval ask", "approval settle", "redeploy enter"];
    expect(own).toEqual([...once, ...once]);
  });

  it.each([
    ["rejected", "Rejected", "rejected at 10 %"],
    ["held", "Held", "held at 10 %"],
  ])("stays where it is when the answer is: %s", async (outcome, error, ending) => {
    const run = await asked("step", ({ fn, payload }) =>
      fn === "approval" && payload.verb === "settle" && isAbout(payload, "run-1-step-3")
        ? { outcome, by: "lead@shop.example", via: "page", at: "now", because: "not on a Friday" }
        : undefined,
    );

    expect(run).toMatchObject({ status: "FAILED", error });
    expect(run.cause).toContain("not on a Friday");
    expect(run.changes).toEqual(["apply tenth"]);
    expect(ended(run)).toMatchObject([{ outcome, ending }]);
  });

  it("never goes on by itself when the deadline passes: the table says what came of it", async () => {
    const run = await asked("step", ({ fn, payload }) => {
      if (fn !== "approval") return undefined;
      if (payload.verb === "ask") throw new StateFailure("States.Timeout", "");
      return { outcome: "held", by: "the plan's default", via: "deadline", at: "now", because: "nobody" };
    });

    expect(run).toMatchObject({ status: "FAILED", error: "Held" });
    expect(run.changes).toEqual([]);
  });

  it.each([
    ["a criterion fires", RAMP_ERRORS.fired, "WentBack", ["apply tenth", "revert tenth"]],
    ["a rollback begins", RAMP_ERRORS.overtaken, "Overtaken", ["apply tenth"]],
    ["another version is deployed", RAMP_ERRORS.replaced, "Replaced", ["apply tenth"]],
  ])("does not wait on when %s", async (_, error, called, changes) => {
    const run = await asked("step", ({ fn, payload }) => {
      if (fn === "approval" && payload.verb === "ask" && isAbout(payload, "run-1-step-3"))
        throw new StateFailure(error, "that is why");
      return undefined;
    });

    expect(run).toMatchObject({ status: "FAILED", error: called });
    expect(run.cause).toContain("that is why");
    expect(run.changes).toEqual(changes);
  });

  it("does not ask when it is frozen", async () => {
    const run = await asked("step", ({ fn, payload }) =>
      fn === "redeploy" && payload.verb === "ask"
        ? { outcome: "frozen", reason: "ada froze it", run: rampRun }
        : undefined,
    );

    expect(run).toMatchObject({ status: "FAILED", error: "Frozen" });
    expect(questions(run)).toEqual([]);
  });

  it("has the time for each answer in its bound", () => {
    const more = rampBound(asking("step"), registries) - rampBound(rampPlan(), registries);

    expect(more).toBeGreaterThan(2 * 4 * 3600);
  });
});
