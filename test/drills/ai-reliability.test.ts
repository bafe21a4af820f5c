import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { figures } from "../../bin/drill/figures.ts";
import type { Expectation } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, drillBench, type EndedExecution } from "./harness.ts";
import { incident } from "./incident.ts";

describe("a release of the AI chat that no gentle level repairs", () => {
  let bench: DrillBench;
  let run: EndedExecution;
  let expectations: Expectation[];
  let broken: string[];

  beforeAll(async () => {
    // The same plan with a minute for each gentle level and a watch of three; slower than usual, since six functions
    // have their first call before the first notice, which is due in five minutes however busy the machine is.
    bench = await drillBench("ai-reliability", {
      speed: 30,
      load: 0.5,
      change: (plan) => {
        for (const level of plan["levels"] as { name: string; within: string }[])
          if (level.name !== "full") level.within = "1m";
        Object.assign(plan["watch"] as object, { for: "3m", progress: "2m", settle: "2m" });
        Object.assign(plan["escalation"] as object, { notRestoredAfter: "60m" });
        plan["followUps"] = [];
      },
    });
    ({ run, broken, expectations } = await incident(bench));
  }, 180_000);
  afterAll(() => bench?.close());

  it("is repaired by one run, with flags, settings, code and counters as they must be", () => {
    expect({ status: run.status, error: run.error, cause: run.cause }).toMatchObject({ status: "SUCCEEDED" });
    expect(expectations.filter(({ held }) => !held)).toEqual([]);
    expect(expectations.length).toBeGreaterThanOrEqual(8);
  });

  it("climbs level by level, each only after the one before had its time and did not help", () => {
    const climbs = run.states.filter((name) => name.startsWith("Climb to "));
    const began = (step: string) => run.states.indexOf(`Apply ${step}`);
    const order = ["retry-logic", "response-validation", "settings", "snapshot", "answers", "counters"].map(
      began,
    );

    expect(climbs).toEqual(["Climb to partial", "Climb to config", "Climb to full"]);
    expect(order.every((at) => at > 0)).toBe(true);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    expect(run.states.filter((name) => name === "Apply retry-logic")).toHaveLength(1);
    expect(run.states.slice(0, order[1]).filter((name) => name === "Verify").length).toBeGreaterThan(0);
  });

  it("is measured against the time of the level that helped", () => {
    const rows = figures(bench.plan, run.history, 0, undefined).filter(({ name }) =>
      name.startsWith("level"),
    );

    expect(rows).toMatchObject([{ name: "level full", objective: 30 * 60 }]);
    expect(rows[0]!.seconds).toBeGreaterThan(60);
    expect(rows[0]!.seconds).toBeLessThan(30 * 60);
  });

  it("keeps what must always hold", () => {
    expect(broken).toEqual([]);
  });

  it("tells users in the runbook's words", async () => {
    const toUsers = () => bench.mails().filter(({ to }) => to === "users@ai-chat.example");
    await until("the last mail to users", () => toUsers().length >= 2);

    expect(toUsers()[0]!.text).toContain("We've temporarily disabled a new feature");
  });
});
