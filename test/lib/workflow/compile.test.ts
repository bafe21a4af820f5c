import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Registries } from "../../../lib/plan/registries.ts";
import { Plan } from "../../../lib/plan/schema.ts";
import type { Machine, Task } from "../../../lib/workflow/asl.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { MissingBinding } from "../../../lib/workflow/context.ts";
import { taskBound } from "../../../lib/workflow/deadline.ts";
import { anyPlan, smallPlan } from "./plans.ts";
import { bindings, bindingsFor, registries } from "./registries.ts";
import { allStates, catchers, ends, expressions, reachable } from "./walk.ts";

const validate = createRequire(import.meta.url)("asl-validator") as (definition: object) => {
  isValid: boolean;
  errorsText(): string;
};

const compiled = (plan: Plan): Machine => compileWorkflow(plan, registries, bindings).definition;

/** Holds for the plan in hand and for any other. */
function holds(name: string, property: (machine: Machine, plan: Plan) => void, numRuns = 60) {
  it(`${name}: small plan`, () => property(compiled(smallPlan()), smallPlan()));
  it(`${name}: any plan`, () => {
    fc.assert(
      fc.property(anyPlan, (plan) => property(compiled(plan), plan)),
      { numRuns },
    );
  }, 90_000);
}

describe("a compiled workflow", () => {
  // The validator takes a large plan a second.
  holds(
    "is valid Amazon States Language",
    (machine) => {
      const result = validate(machine);
      expect(result.isValid ? "" : result.errorsText()).toBe("");
    },
    20,
  );

  holds("ends in Fail on every path that begins in a Catch, but for an approval's deadline", (machine) => {
    let walked = 0;
    for (const { name, state, machine: own } of allStates(machine))
      for (const target of catchers(state)) {
        // The one error that is no failure: what follows is what the table says, see run.test.ts.
        if (name === "Ask for approval" && target === "Settle approval") continue;
        walked += 1;
        for (const end of ends(own, target)) expect({ from: name, ...end }).toMatchObject({ type: "Fail" });
      }
    expect(walked).toBeGreaterThan(20);
  });

  holds("catches everything that can be thrown at the top, so that nothing skips the way back", (machine) => {
    for (const [name, state] of Object.entries(machine.States)) {
      if (state.Type !== "Task" && state.Type !== "Parallel") continue;
      // Errors that have a way of their own come before.
      const last = (state.Catch ?? []).slice(-2).flatMap((each) => each.ErrorEquals);
      expect({ name, last }).toEqual({ name, last: ["States.DataLimitExceeded", "States.ALL"] });
    }
  });

  holds("has no state that cannot be reached", (machine) => {
    const walk = (own: Machine) => {
      expect([...reachable(own, own.StartAt)].toSorted()).toEqual(Object.keys(own.States).toSorted());
      for (const state of Object.values(own.States))
        if (state.Type === "Parallel") state.Branches.forEach(walk);
    };
    walk(machine);
  });

  holds("gives every state a name of its own, of at most 80 characters", (machine) => {
    const names = allStates(machine).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[^\p{Cc}]{1,80}$/u);
  });

  holds("gives every task a timeout below the machine's, whatever its retries", (machine) => {
    for (const { state } of allStates(machine)) {
      if (state.Type !== "Task" || typeof state.TimeoutSeconds === "string") continue;
      expect(state.TimeoutSeconds).toBeGreaterThan(0);
      expect(taskBound(state.TimeoutSeconds, state.Retry ?? [])).toBeLessThan(machine.TimeoutSeconds!);
    }
  });

  holds("repeats unknown errors of reads only, and everything with jitter", (machine) => {
    for (const { state } of allStates(machine)) {
      if (state.Type !== "Task") continue;
      const verb = (state.Arguments.Payload as { verb?: string } | undefined)?.verb;
      const unknown = (state.Retry ?? []).some((each) => each.ErrorEquals.includes("States.ALL"));
      // A question whose wait is over must not be asked again.
      const repeats = !["apply", "revert", "ask"].includes(verb ?? "");
      expect({ verb, unknown }).toEqual({ verb, unknown: repeats });
      for (const each of state.Retry ?? []) expect(each.JitterStrategy).toBe("FULL");
    }
  });

  holds("writes only expressions that JSONata 2.0.6 can read", (machine) => {
    for (const source of expressions(machine)) expect(() => jsonata(source)).not.toThrow();
  });

  holds("passes no state's input on", (machine) => {
    expect(JSON.stringify(machine)).not.toContain("$states.input");
    for (const { name, state } of allStates(machine))
      if (state.Type !== "Fail") expect({ name, has: "Output" in state }).toEqual({ name, has: true });
  });

  holds("assigns no name in a branch that is taken outside", (machine) => {
    const assigned = (own: Machine) =>
      new Set(
        Object.values(own.States).flatMap((state) =>
          "Assign" in state ? Object.keys(state.Assign ?? {}) : [],
        ),
      );
    const outside = assigned(machine);
    for (const state of Object.values(machine.States))
      if (state.Type === "Parallel")
        for (const branch of state.Branches)
          for (const name of assigned(branch)) expect(outside.has(name)).toBe(false);
  });

  holds("is the same whenever it is compiled", (machine, plan) => {
    expect(JSON.stringify(compiled(structuredClone(plan)))).toBe(JSON.stringify(machine));
  });

  holds("has a bound above the sum of the plan's own deadlines", (machine, plan) => {
    const { estimate } = compileWorkflow(plan, registries, bindings);
    expect(machine.TimeoutSeconds).toBe(estimate.seconds.worst);
    expect(estimate.seconds.worst).toBeGreaterThan(estimate.seconds.best);
    expect(machine.TimeoutSeconds).toBeLessThan(365 * 86_400);
  });

  it("names stages by their own names, for the console and the drill", () => {
    expect(Object.keys(compiled(smallPlan()).States)).toEqual(
      expect.arrayContaining(["restore data", "switch", "Verify", "Decide"]),
    );
  });

  it("decides before it preflights", () => {
    const { States } = compiled(smallPlan());
    expect(States["Admitted?"]).toMatchObject({ Choices: [{ Next: "Decide" }, {}] });
    expect(States["Act?"]).toMatchObject({ Choices: [{ Next: "Preflight: restore data" }] });
  });

  it("has no way back when the plan holds", () => {
    const machine = compiled(smallPlan((plan) => (plan.onFailure = "hold")));
    expect(allStates(machine).filter(({ name }) => /revert/i.test(name))).toEqual([]);
  });

  it("refuses bindings that lack a kind, and says which", () => {
    const lacking = { ...bindings, actions: { make: bindings.actions["make"]! } };
    expect(() => compileWorkflow(smallPlan(), registries, lacking)).toThrow(MissingBinding);
    expect(() => compileWorkflow(smallPlan(), registries, lacking)).toThrow(/"point"/);
  });

  it("would be seen to end well after a Catch: the walk itself can fail", () => {
    const machine = structuredClone(compiled(smallPlan()));
    const planted = machine.States["Keep lock"] as Task;
    planted.Catch![0]!.Next = "Rolled back";

    expect(ends(machine, "Rolled back")).toEqual([{ name: "Rolled back", type: "Succeed" }]);
    const found = catchers(machine.States["Apply restore"] ?? machine.States["restore data"]!).flatMap(
      (target) => ends(machine, target),
    );
    expect(found).toContainEqual({ name: "Rolled back", type: "Succeed" });
  });
});

/** Specs for whatever kinds a plan names, so that its shape can be compiled before those kinds are there. */
function standIns(plan: Plan): Registries {
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const checks = [...plan.stages.flatMap((stage) => stage.checks), ...plan.verify, ...plan.watch.checks];
  return {
    actions: Object.fromEntries(steps.map(({ action }) => [action, registries.actions["make"]!])),
    checks: Object.fromEntries(checks.map(({ check }) => [check, registries.checks["probe"]!])),
  };
}

describe("the research lab's plan", () => {
  const plan = Plan.parse(parse(readFileSync("plans/llm-research-lab.yaml", "utf8")));
  const kinds = standIns(plan);
  const { definition, estimate } = compileWorkflow(plan, kinds, bindingsFor(kinds));

  it("compiles to a valid machine with its own words as names", () => {
    expect(validate(definition).errorsText()).toBe("");
    expect(Object.keys(definition.States)).toEqual(
      expect.arrayContaining([
        "back up",
        "fence",
        "restore data",
        "Check: restore data",
        "switch",
        "Verify",
        "Watch",
      ]),
    );
    expect(allStates(definition).map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "Apply database-address",
        "Poll database-address",
        "Revert database-address",
        "Preflight restore",
      ]),
    );
  });

  // But for an approval's deadline, after which the table says what follows.
  it("leads from every Catch to Fail", () => {
    for (const { name, state, machine } of allStates(definition))
      for (const target of catchers(state).filter(
        (each) => name !== "Ask for approval" || each !== "Settle approval",
      ))
        for (const end of ends(machine, target)) expect(end.type).toBe("Fail");
  });

  it("stays far below what Step Functions holds, and fits into a template", () => {
    expect(estimate.historyEvents.worst).toBeLessThan(5_000);
    expect(estimate.usd.worst).toBeLessThan(0.1);
    expect(JSON.stringify(definition).length).toBeLessThan(200_000);
  });
});
