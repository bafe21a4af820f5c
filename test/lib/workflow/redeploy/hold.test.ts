import { describe, expect, it } from "vitest";
import { RAMP_ERRORS } from "../../../../lambdas/runtime/protocol.ts";
import { rampEvents } from "../../../../lib/plan/ramp-visits.ts";
import { registries } from "../registries.ts";
import { held, rampPlan } from "./ramp.ts";

const verdict = (check: string, word: string) => ({
  check,
  verdict: word,
  value: "7 %",
  limit: "< 1 %",
  evidence: [],
  at: "now",
});

describe("the hold of a step", () => {
  it("holds for its whole time, measured to the end", async () => {
    const hold = await held({ seconds: 3600, everySeconds: 600 });

    expect(hold.output).toMatchObject({ held: true, error: "", checks: [{ verdict: "passed" }] });
    expect(hold.seconds).toBe(3600);
  });

  it("is measured once more at its end when its rounds do not come out even", async () => {
    const at: number[] = [];
    const hold = await held({ seconds: 1500, everySeconds: 600 }, ({ verb }, count) => {
      if (verb === "measure") at.push(count);
      return undefined;
    });

    expect(at).toHaveLength(3);
    expect(hold.seconds).toBe(1500);
  });

  it("has no more history events than its plan was told, however long it is held", async () => {
    const hold = await held({ seconds: 86_400, everySeconds: 600 });
    const told = rampEvents(rampPlan(), registries).hold;

    expect(hold.events).toBeLessThanOrEqual(told);
    expect(hold.events).toBeGreaterThan(told * 0.9);
  });

  it("ends at once when a criterion fires", async () => {
    const hold = await held({ seconds: 86_400 }, undefined, { after: 930, error: RAMP_ERRORS.fired });

    expect(hold.output).toEqual({ held: false, error: "CriterionFired", cause: "woken", checks: [] });
    expect(hold.seconds).toBe(930);
  });

  it("ends at the first round in which a check does not pass", async () => {
    const hold = await held({ seconds: 86_400 }, ({ check }, count) =>
      check !== undefined && count > 3 ? verdict(check, "failed") : undefined,
    );

    expect(hold.output).toMatchObject({ held: false, error: RAMP_ERRORS.failed });
    expect((hold.output as { cause: string }).cause).toContain("7 %, must be < 1 %");
    expect(hold.seconds).toBe(3 * 600);
  });

  it("tolerates as many rounds without a measurement as the plan says, and no more", async () => {
    const silent = (from: number, to: number) =>
      held({ seconds: 7200 }, ({ check }, count) =>
        check !== undefined && count >= from && count < to ? verdict(check, "inconclusive") : undefined,
      );

    expect((await silent(3, 4)).output).toMatchObject({ held: true });
    expect((await silent(3, 5)).output).toMatchObject({ held: false, error: RAMP_ERRORS.inconclusive });
  });

  it("measures a step's own checks, and the watch's where it has none", async () => {
    const asked = async (step: number) => {
      const checks = new Set<string | undefined>();
      await held({ step, seconds: 600 }, ({ check }) => {
        checks.add(check);
        return undefined;
      });
      return [...checks].filter(Boolean);
    };

    expect(await asked(0)).toEqual(["staging-well"]);
    expect(await asked(1)).toEqual(["error-rate"]);
  });

  it("fails, so that nobody takes it for held, when its own function is broken", async () => {
    const hold = await held({ seconds: 600 }, ({ fn }) => {
      if (fn === "redeploy") throw new Error("no such table");
      return undefined;
    });

    expect(hold).toMatchObject({ status: "FAILED" });
  });
});
