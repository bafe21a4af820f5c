import { describe, expect, it } from "vitest";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { rampEvents } from "../../../lib/plan/ramp-visits.ts";
import { rampSteps, takesRampBack } from "../../../lib/plan/redeploy.ts";
import { registries } from "../../../lib/plan/registries.ts";
import { MOST_EVENTS } from "../../../lib/plan/visits.ts";
import { rampBound } from "../../../lib/workflow/redeploy/bound.ts";
import { GOOD, told } from "./support.ts";

const DAY = 86_400;

describe("the ramp of ai-reliability", () => {
  const plan = loadPlanOrThrow("plans/ai-reliability.yaml");

  it("has the runbook's own steps and times", () => {
    expect(rampSteps(plan).map(({ name, holdSeconds }) => `${name} ${holdSeconds / 3600} h`)).toEqual([
      "staging 24 h",
      "10 % 48 h",
      "25 % 24 h",
      "50 % 24 h",
      "100 % 48 h",
    ]);
  });

  it("sets the flag to what each step is called", () => {
    const percents = rampSteps(plan).flatMap(({ stage }) =>
      stage.steps.flatMap(({ with: { set } }) => (set as { rolloutPercent?: number })?.rolloutPercent ?? []),
    );

    expect(percents).toEqual([10, 25, 50, 100]);
  });

  it("tells people once a day, and stays far below the history events of one execution", () => {
    const { ramp, hold } = rampEvents(plan, registries);

    expect(Math.max(...rampSteps(plan).map(({ legSeconds }) => legSeconds))).toBe(DAY);
    expect(Math.max(ramp, hold)).toBeLessThan(MOST_EVENTS / 4);
  });

  it("is over within ten days, whatever its functions do", () => {
    expect(rampBound(plan, registries)).toBeGreaterThan(7 * DAY);
    expect(rampBound(plan, registries)).toBeLessThan(10 * DAY);
  });

  it("goes back for every alarm that acts, but for SEV-1 and events, which begin a rollback at once", () => {
    expect(takesRampBack(plan)).toEqual(["high-error-rate", "degradation", "one-model"]);
    const named = structuredClone(plan);
    named.redeploy!.atOnce = ["degradation"];
    expect(takesRampBack(named)).not.toContain("degradation");
  });
});

describe("a plan's ramp that is wrong", () => {
  const ramped = (steps: string) => `${GOOD}redeploy:\n  steps:\n${steps}`;

  it.each([
    ["without a hold", "    - { name: 10 % }\n", /hold/],
    ["with checks that are none", "    - { name: 10 %, hold: 1h, checks: [] }\n", /checks/],
    [
      "with an action nobody knows",
      "    - { name: 10 %, hold: 1h, steps: [{ id: a, action: move-nam }] }\n",
      /write "move-name"/,
    ],
    [
      "with an output of a step of the rollback",
      '    - { name: 10 %, hold: 1h, steps: [{ id: a, action: move-name, with: { value: "{% $steps.name.id %}" } }] }\n',
      /there is no step "name"/,
    ],
    [
      "with an id twice",
      "    - { name: 10 %, hold: 1h, steps: [{ id: name, action: move-name, with: { value: a } }] }\n",
      /step "name" exists already/,
    ],
    [
      "with a step's name twice",
      "    - { name: a, hold: 1h }\n    - { name: a, hold: 1h }\n",
      /"a" exists already/,
    ],
  ])("%s", (_, steps, words) => {
    expect(told(ramped(steps)).join("\n")).toMatch(words);
  });

  it("asks for an approval, and the plan names nobody", () => {
    const asking = ramped("    - { name: 10 %, hold: 1h }\n  approval: { ask: step }\n");

    expect(told(asking).join("\n")).toMatch(/somebody must be able to let the ramp go on/);
    expect(told(`${asking}approval: { approvers: [lead@example.com] }\n`)).toEqual([]);
  });

  it("may use an output of its own earlier step", () => {
    const steps =
      "    - { name: 10 %, hold: 1h, steps: [{ id: a, action: move-name, with: { value: x } }] }\n" +
      '    - { name: 100 %, hold: 1h, steps: [{ id: b, action: move-name, with: { value: "{% $steps.a.id %}" } }] }\n';

    expect(told(ramped(steps))).toEqual([]);
  });
});
