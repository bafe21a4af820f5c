import { describe, expect, it } from "vitest";
import type { Plan } from "../../../lib/plan/schema.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { smallPlan } from "./plans.ts";
import { type Answer, functionError, play, wellBehaved } from "./play.ts";
import { bindings, registries } from "./registries.ts";

/** The small plan with one step that holds only until the end of the watch. */
const temporary = (levels?: string[]): Plan =>
  smallPlan((plan) => {
    plan.stages.push({
      name: "tighten",
      ...(levels ? { levels } : {}),
      steps: [{ id: "tighter", action: "point", with: { target: "alarm" }, until: "watch-end" }],
    });
  });
const played = (answer: Answer = () => undefined, plan = temporary()) =>
  play(compileWorkflow(plan, registries, bindings).definition, answer, {});

describe("a step until the end of the watch", () => {
  it("holds through the whole watch, is taken back after its last round, and alone", async () => {
    const ended = await played();

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { outcome: "rolled back" } });
    expect(ended.changes.filter((change) => change.startsWith("revert"))).toEqual(["revert tighter"]);
    const order = ["Watch", "End tighter", "Report"].map((state) => ended.states.lastIndexOf(state));
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    expect(order[0]).toBeGreaterThan(0);
  });

  it("is reverted with the others, once, when the watch relapses", async () => {
    const ended = await played((call) =>
      call.payload.verb === "measure" && call.payload.check!.id === "error-rate"
        ? { ...(wellBehaved(call) as object), verdict: "failed" }
        : undefined,
    );

    expect(ended.status).toBe("FAILED");
    const reverts = ended.changes.filter((change) => change.startsWith("revert"));
    expect(reverts[0]).toBe("revert tighter");
    expect(reverts).toHaveLength(4);
    expect(ended.states).not.toContain("End tighter");
  });

  it("is taken back although the function died in the middle of it", async () => {
    let died = false;
    const ended = await played(({ payload }) => {
      if (payload.verb !== "revert" || died) return undefined;
      died = true;
      throw functionError("Lambda.Unknown", "the process exited");
    });

    expect(died).toBe(true);
    expect(ended).toMatchObject({ status: "SUCCEEDED" });
  });

  it("that cannot be taken back needs a person, and the rollback stands", async () => {
    const ended = await played(({ payload }) => {
      if (payload.verb === "revert") throw functionError("ChangedSincePreflight", "somebody changed it");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "ChangedSincePreflight" });
    expect(ended.cause).toMatch(/^needs a person\. End tighter: /);
    expect(ended.changes.filter((change) => change.startsWith("revert"))).toEqual(["revert tighter"]);
  });

  it("of a level that did not run is not asked for", async () => {
    const ended = await played(undefined, temporary(["partial"]));

    expect(ended).toMatchObject({ status: "SUCCEEDED" });
    expect(ended.changes.some((change) => change.endsWith("tighter"))).toBe(false);
  });
});
