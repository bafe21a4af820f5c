import { describe, expect, it } from "vitest";
import type { Plan } from "../../../lib/plan/schema.ts";
import { compileUndo } from "../../../lib/workflow/undo.ts";
import { type PlanInput, smallPlan } from "./plans.ts";
import { type Answer, functionError } from "./play.ts";
import { measurement, moments, played } from "./played.ts";
import { bindings, registries } from "./registries.ts";

/** The small plan with a stage that waits for the watch, and a step that holds only until then. */
const recovering = (change: (plan: PlanInput) => void = () => undefined): Plan =>
  smallPlan((plan) => {
    plan.stages[1]!.steps.push({
      id: "tighter",
      action: "point",
      with: { target: "alarm" },
      until: "watch-end",
    });
    plan.stages.push({
      name: "bring back",
      after: "watch",
      steps: [{ id: "replica", action: "make", with: { target: "{% $steps.restore.endpoint.address %}" } }],
      checks: [{ id: "replica-rows", check: "probe" }],
    });
    change(plan);
  });
const relapsing: Answer = (call) =>
  call.payload.check?.id === "error-rate" ? measurement(call, "failed") : undefined;

describe("a stage after the watch", () => {
  it("is resolved with all others, runs once the watch has held, and is proved", async () => {
    const run = await played(undefined, recovering());

    expect(run).toMatchObject({ status: "SUCCEEDED", output: { outcome: "rolled back" } });
    expect(run.changes.slice(1, 4).toSorted()).toEqual(["apply db-address", "apply key", "apply tighter"]);
    expect(run.changes.slice(4)).toEqual(["revert tighter", "apply replica"]);
    const order = [
      run.states.find((state) => /^Preflight: .*bring back$/.test(state)),
      "restore data",
      "Watch",
      "bring back",
      "Check: bring back",
      "Report",
    ];
    expect(order.map((state) => run.states.lastIndexOf(state!))).toEqual(
      order.map((state) => run.states.lastIndexOf(state!)).toSorted((left, right) => left - right),
    );
    expect(run.states).toEqual(expect.arrayContaining(order));
  });

  it("is neither begun nor undone by a run whose watch relapses", async () => {
    const run = await played(relapsing, recovering());

    expect(run.status).toBe("FAILED");
    expect(run.changes).toContain("revert restore");
    expect(run.changes.filter((change) => change.endsWith("replica"))).toEqual([]);
  });

  it.each([
    [
      "fails",
      (({ payload }) => {
        if (payload.verb === "apply" && payload.step!.id === "replica")
          throw functionError("Refusal", "no room");
        return undefined;
      }) satisfies Answer,
      "Refusal",
    ],
    [
      "is not proved",
      ((call) =>
        call.payload.check?.id === "replica-rows" ? measurement(call, "failed") : undefined) satisfies Answer,
      "ChecksNotPassed",
    ],
  ])("that %s undoes nothing: the rollback is held, and a person is told", async (_, answer, error) => {
    const run = await played(answer, recovering());

    expect(run).toMatchObject({ status: "FAILED", error });
    expect(run.cause).toMatch(/^held\. /);
    expect(run.changes.filter((change) => change.startsWith("revert"))).toEqual(["revert tighter"]);
    expect(moments(run.calls)).toContain("failed");
  });

  it("of another level is passed by", async () => {
    const plan = recovering(({ stages }) => {
      stages[2]!.levels = ["partial"];
    });

    const run = await played(undefined, plan);

    expect(run.status).toBe("SUCCEEDED");
    expect(run.changes.some((change) => change.endsWith("replica"))).toBe(false);
  });

  it("is taken back first when the whole rollback is", () => {
    const { States } = compileUndo(recovering(), bindings, registries);
    const reverts = Object.keys(States).filter((name) => /^Revert /.test(name));

    expect(reverts).toContain("Revert replica");
    const [last] = Object.values(States).flatMap((state) =>
      "Next" in state && state.Next === "Revert replica" ? [state] : [],
    );
    expect(last).toBeDefined();
  });
});
