import { describe, expect, it } from "vitest";
import { smallPlan } from "./plans.ts";
import type { Answer } from "./play.ts";
import { entered, measurement, only, played, verbs } from "./played.ts";

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
