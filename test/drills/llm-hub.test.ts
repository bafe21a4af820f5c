import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Expectation } from "../../scenarios/scenario.ts";
import { type DrillBench, drillBench, type EndedExecution } from "./harness.ts";
import { incident, WHOLE_INCIDENT } from "./incident.ts";

describe("a hub release whose flag does not help", () => {
  let bench: DrillBench;
  let run: EndedExecution;
  let executions: number;
  let broken: string[];
  let expectations: Expectation[];

  beforeAll(async () => {
    bench = await drillBench("llm-hub", {
      speed: "held",
      load: 0.5,
      // Looks at nothing from before the watch: its metric's window and the logs' are two minutes.
      change: (plan) => {
        Object.assign(plan["watch"] as object, { for: "5m", progress: "2m" });
        // The flag is given a minute instead of five.
        (plan["levels"] as { within: string }[])[0]!.within = "1m";
      },
    });
    ({ run, executions, broken, expectations } = await incident(bench));
  }, WHOLE_INCIDENT);
  afterAll(() => bench?.close());

  it("is repaired by one run that climbs from the flag to everything, and succeeds", () => {
    expect({ status: run.status, error: run.error, cause: run.cause }).toMatchObject({ status: "SUCCEEDED" });
    expect(executions).toBe(1);
    const order = ["hub-off", "stop", "dump", "migration", "code"].map((step) =>
      run.states.indexOf(`Apply ${step}`),
    );
    expect(order.every((index) => index >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
  });

  it("leaves what the scenario kept aside as it must be: code, data, image, scaling, pipeline", () => {
    expect(expectations.filter(({ held }) => !held)).toEqual([]);
    expect(expectations.length).toBeGreaterThanOrEqual(10);
  });

  it("keeps what must always hold", () => {
    expect(broken).toEqual([]);
  });
});
