import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addFault } from "../../sandbox/faults.ts";
import type { Expectation } from "../../scenarios/scenario.ts";
import { type DrillBench, drillBench, type EndedExecution } from "./harness.ts";
import { incident, WHOLE_INCIDENT } from "./incident.ts";

describe("a release that crash-loops after a migration", () => {
  let bench: DrillBench;
  let run: EndedExecution;
  let broken: string[];
  let expectations: Expectation[];

  beforeAll(async () => {
    // The same plan with a watch of three minutes instead of thirty: three machine seconds.
    bench = await drillBench("llm-orchestrator", {
      speed: "held",
      load: 0.5,
      change: (plan) => {
        Object.assign(plan["watch"] as object, { for: "3m", progress: "2m" });
        // A busy machine may need longer on the drill's clock; then people are called, and rightly.
        Object.assign(plan["escalation"] as object, { notRestoredAfter: "45m" });
      },
    });
    const { world } = bench.sandbox;
    // What a cluster does now and then in the middle of a run: it is busy, it loses a token, somebody writes first.
    const role = (principal: { type: string }) => principal.type === "role";
    const busy = { service: "kubernetes", operation: "update", principal: role };
    addFault(world, { ...busy, nth: 1, harm: { kind: "throttle" } });
    addFault(world, { ...busy, nth: 3, harm: { kind: "error", code: "InternalError", status: 500 } });
    addFault(world, { ...busy, nth: 5, harm: { kind: "error", code: "Conflict", status: 409 } });
    addFault(world, {
      ...busy,
      operation: "get",
      nth: 9,
      harm: { kind: "error", code: "Unauthorized", status: 401 },
    });
    ({ run, broken, expectations } = await incident(bench));
  }, WHOLE_INCIDENT);
  afterAll(() => bench?.close());

  it("is repaired by one run that succeeds, though the cluster was busy, failing and changing beneath it", () => {
    expect({ status: run.status, error: run.error, cause: run.cause }).toMatchObject({ status: "SUCCEEDED" });
  });

  it("keeps what must always hold", () => {
    expect(broken).toEqual([]);
  });

  it("brings template, settings, autoscaler and every row back, and loses none", () => {
    expect(expectations.filter((each) => !each.held)).toEqual([]);
    expect(expectations.length).toBeGreaterThanOrEqual(10);
  });

  it("holds the rollout, stops the application, restores, brings back, and only then starts it", () => {
    const order = ["hold", "stop", "restore", "undo", "start"].map((step) =>
      run.states.indexOf(`Apply ${step}`),
    );

    expect(order.every((index) => index >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
  });
});
