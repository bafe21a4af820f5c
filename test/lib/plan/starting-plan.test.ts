import { describe, expect, it } from "vitest";
import { loadPlan } from "../../../lib/plan/load.ts";
import { startingPlan } from "../../../lib/plan/starting-plan.ts";

const problems = (text: string) => loadPlan({ file: "checkout.yaml", text }).problems;

describe("the plan to start from", () => {
  const written = startingPlan("checkout", "../schema/plan.schema.json");

  it("is a good plan as it is, and observes only", () => {
    expect(problems(written)).toEqual([]);
    expect(loadPlan({ file: "checkout.yaml", text: written }).plan).toMatchObject({
      service: "checkout",
      mode: "observe",
    });
    expect(written).toContain("# yaml-language-server: $schema=../schema/plan.schema.json");
  });

  it("is a good plan with every comment that holds YAML taken out of it", () => {
    const whole = startingPlan("checkout", "../schema/plan.schema.json", { whole: true });

    expect(problems(whole)).toEqual([]);
    expect(problems(written.replace(/^# (?= {2}|escalation:|vpc:)/gm, ""))).toEqual([]);
    expect(loadPlan({ file: "checkout.yaml", text: whole }).plan?.stages.length).toBeGreaterThan(5);
  });
});
