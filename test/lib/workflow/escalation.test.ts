import { createRequire } from "node:module";
import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../lib/plan/schema.ts";
import type { Machine } from "../../../lib/workflow/asl.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { MissingBinding } from "../../../lib/workflow/context.ts";
import { taskBound } from "../../../lib/workflow/deadline.ts";
import { compileLadder } from "../../../lib/workflow/escalation/machine.ts";
import { anyPlan, type PlanInput, smallPlan } from "./plans.ts";
import { type Answer, type Call, functionError, play, run } from "./play.ts";
import { bindings, registries } from "./registries.ts";
import { allStates, expressions, reachable } from "./walk.ts";

const validate = createRequire(import.meta.url)("asl-validator") as (definition: object) => {
  isValid: boolean;
  errorsText(): string;
};
const ESCALATE = "arn:aws:lambda:eu-west-1:123456789012:function:escalate:1";
/** When every ladder of these tests begins. */
const BEGUN = Date.UTC(2026, 0, 8, 10);

/** The figures of runbook O: 0, 5, 10, 15, 20 minutes. */
const ladderPlan = (change: (plan: PlanInput) => void = () => undefined) =>
  smallPlan((plan) => {
    plan.notify = { email: ["e@shop.example"], audiences: { users: { email: ["u@shop.example"] } } };
    plan.escalation = {
      rungs: ["0m", "5m", "10m", "15m", "20m"].map((after, index) => ({
        after,
        ...(index === 0 ? { audiences: ["engineers"] } : { email: [`rung${index + 1}@shop.example`] }),
      })),
      repeat: { every: "10m", times: 2 },
    };
    change(plan);
  });

const ladder = (plan: Plan): Machine => compileLadder(plan, { escalate: ESCALATE });

/** Plays a ladder; gives the minute, the rung and the payload of each call. */
async function climbed(
  cause: string,
  answer: (call: Call, minute: number) => unknown = () => undefined,
  plan = ladderPlan(),
) {
  const calls: { minute: number; rung: number; verb: string; payload: Call["payload"] }[] = [];
  const answering: Answer = (call, _, now) => {
    const minute = Math.round((now - BEGUN) / 60_000);
    const { rung } = call.payload["escalation"] as { rung: number };
    calls.push({ minute, rung, verb: call.payload.verb!, payload: call.payload });
    return answer(call, minute) ?? { over: false, sent: true, note: "called" };
  };
  const input = {
    cause,
    run: { ...run, startedAt: "2026-01-08T10:00:00.000Z" },
    decision: null,
    changes: {},
    checks: [],
    watch: null,
    failure: null,
    reverts: [],
    report: null,
  };
  return { ...(await play(ladder(plan), answering, input)), ladder: calls };
}

const over = { over: true, sent: false, note: "alice acknowledged run run-1" };

describe("the escalation ladder", () => {
  it("calls rung after rung at their times, then the last one again, and says that nobody came", async () => {
    const { status, error, ladder: calls } = await climbed("failed");

    expect(calls.map(({ minute, rung }) => [minute, rung])).toEqual([
      [0, 1],
      [5, 2],
      [10, 3],
      [15, 4],
      [20, 5],
      [30, 6],
      [40, 7],
    ]);
    expect(calls.map(({ payload }) => (payload["escalation"] as { last: boolean }).last)).toEqual([
      ...Array(6).fill(false),
      true,
    ]);
    expect({ status, error }).toEqual({ status: "FAILED", error: "NobodyAcknowledged" });
  });

  it("is silent from the acknowledgement on", async () => {
    const { status, ladder: calls } = await climbed("failed", (_, minute) =>
      minute >= 10 ? over : undefined,
    );

    expect(calls.map(({ minute }) => minute)).toEqual([0, 5, 10]);
    expect(status).toBe("SUCCEEDED");
  });

  it("waits for the service before it calls for the time it takes, and calls nobody when it is back", async () => {
    const back = await climbed("not-restored", ({ payload }) => (payload.verb === "look" ? over : undefined));
    const late = await climbed("not-restored", (_, minute) => (minute > 20 ? over : undefined));

    expect(back.ladder.map(({ minute, verb }) => [minute, verb])).toEqual([[15, "look"]]);
    expect(back.output).toMatchObject({ outcome: "not needed" });
    expect(late.ladder.map(({ minute, verb }) => [minute, verb])).toEqual([
      [15, "look"],
      [15, "rung"],
      [20, "rung"],
      [25, "rung"],
    ]);
  });

  describe("begun by the rule, since the run was cut short", () => {
    /** What EventBridge says of an execution. */
    const ended = (input: object, machine: string) => ({
      detail: {
        executionArn: `arn:aws:states:eu-west-1:123456789012:execution:shop-${machine}:run-1`,
        name: "run-1",
        status: "TIMED_OUT",
        startDate: BEGUN - 3_600_000,
        stopDate: BEGUN,
        input: JSON.stringify(input),
      },
    });
    const begun = async (input: object, machine = "rollback") => {
      const calls: Call[] = [];
      const answering: Answer = (call) => {
        calls.push(call);
        return over;
      };
      return { ...(await play(ladder(ladderPlan()), answering, ended(input, machine))), rungs: calls };
    };

    it("calls people at once, with what is known of the run", async () => {
      const { status, rungs } = await begun({ reason: "the alarm of the shop", by: "anna" });

      expect(status).toBe("SUCCEEDED");
      expect(rungs[0]!.payload).toMatchObject({
        verb: "rung",
        escalation: { cause: "cut-short", rung: 1 },
        run: {
          id: "run-1",
          service: "shop",
          startedAt: new Date(BEGUN - 3_600_000).toISOString(),
          reason: "the alarm of the shop",
          trigger: { type: "manual", by: "anna" },
        },
        failure: { error: "TIMED_OUT", cause: expect.stringContaining("it keeps the lock") },
      });
    });

    it("says of a ramp that it was one: what it had brought out stays out, and it keeps no lock", async () => {
      const { status, rungs } = await begun({ reason: "it is fixed", by: "anna" }, "redeploy");

      expect(status).toBe("SUCCEEDED");
      expect(rungs[0]!.payload).toMatchObject({
        escalation: { cause: "redeploy", rung: 1 },
        failure: { cause: expect.stringContaining("what it had brought out stays out") },
      });
      expect((await begun({ dryRun: true }, "redeploy")).rungs).toEqual([]);
    });

    it("calls nobody for a dry run", async () => {
      const { output, rungs } = await begun({ reason: "to look", dryRun: true });

      expect(output).toMatchObject({ outcome: "not needed" });
      expect(rungs).toEqual([]);
    });
  });

  it("goes on to the next rung when one cannot be carried out", async () => {
    const { ladder: calls, status } = await climbed("failed", ({ payload }, minute) => {
      if (minute < 9) throw functionError("Unexpected", "no network");
      return (payload["escalation"] as { rung: number }).rung === 4 ? over : undefined;
    });

    expect([...new Set(calls.map(({ rung }) => rung))]).toEqual([1, 2, 3, 4]);
    expect(status).toBe("SUCCEEDED");
  });

  it("calls whom the rung names: an audience in its words, an address by the rung's own attribute", async () => {
    const { ladder: calls } = await climbed("failed", (_, minute) => (minute >= 10 ? over : undefined));

    expect(calls[0]!.payload["tell"]).toMatchObject({
      audiences: [{ audience: "engineers", email: true }],
    });
    expect(calls[1]!.payload["tell"]).toMatchObject({
      rung: "rung-2",
      audiences: [{ audience: "engineers", email: false }],
    });
  });

  it("brings a template that looks like an expression to its function as it is written", async () => {
    const text = "{% if cause %}\n{{ cause }}\n{% endif %}";
    const plan = ladderPlan((given) => {
      given.notify.audiences = {
        engineers: { templates: { escalated: { text, subject: "{% comment %}{% endcomment %}x" } } },
      };
    });
    const { ladder: calls } = await climbed("failed", (_, minute) => (minute > 0 ? over : undefined), plan);

    expect(calls[0]!.payload["tell"]).toMatchObject({
      audiences: [{ template: { text, subject: "{% comment %}{% endcomment %}x" } }],
    });
  });

  it("of any plan is valid, reads its expressions, reaches every state, and has a deadline above its waits", () => {
    let seen = 0;
    fc.assert(
      fc.property(anyPlan, (plan) => {
        if (!plan.escalation) return;
        seen += 1;
        const machine = ladder(plan);
        const { isValid, errorsText } = validate(machine);
        expect(isValid ? "" : errorsText()).toBe("");
        for (const source of expressions(machine)) expect(() => jsonata(source)).not.toThrow();
        expect([...reachable(machine, machine.StartAt)].toSorted()).toEqual(
          Object.keys(machine.States).toSorted(),
        );
        for (const { state } of allStates(machine))
          if (state.Type === "Task" && typeof state.TimeoutSeconds === "number")
            expect(taskBound(state.TimeoutSeconds, state.Retry ?? [])).toBeLessThan(machine.TimeoutSeconds!);
      }),
      // The validator takes a large plan a second.
      { numRuns: 25 },
    );
    expect(seen).toBeGreaterThan(10);
  });

  it("ends within its deadline however it goes", async () => {
    const { clock, status } = await climbed("not-restored", () => {
      throw functionError("Unexpected", "nothing works");
    });

    expect(status).toBe("FAILED");
    expect((clock.now() - BEGUN) / 1000).toBeLessThan(ladder(ladderPlan()).TimeoutSeconds!);
  });
});

describe("a run of a plan with a ladder", () => {
  const machine = (plan: Plan) => compileWorkflow(plan, registries, bindings).definition;
  const called = (calls: Call[]) =>
    calls.filter(({ fn }) => fn === "shop-escalation").map(({ payload }) => payload["name"]);

  it("starts the clock of 'not restored in time' before the first change, once", async () => {
    const { calls, status } = await play(machine(ladderPlan()));
    const at = calls.findIndex(({ fn }) => fn === "shop-escalation");

    expect(status).toBe("SUCCEEDED");
    expect(called(calls)).toEqual(["run-1-not-restored"]);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(calls.findIndex(({ payload }) => payload.verb === "apply"));
  });

  it("calls people after the mail about its failure, with what failed", async () => {
    const { calls, status } = await play(machine(ladderPlan()), ({ payload }) => {
      if (payload.verb === "apply" && payload.step?.id === "key") throw functionError("WorkFailed", "no");
      return undefined;
    });
    const ladderCall = calls.find(({ payload }) => payload["name"] === "run-1-failed")!;

    expect(status).toBe("FAILED");
    expect(calls.indexOf(ladderCall)).toBeGreaterThan(
      calls.findIndex(({ payload }) => payload.moment === "failed"),
    );
    expect(ladderCall.payload).toMatchObject({ cause: "failed", failure: { error: "WorkFailed" } });
  });

  it("says so when it was the rollback that made the service worse", async () => {
    const { calls } = await play(machine(ladderPlan()), ({ payload }) => {
      if (payload.verb === "apply") throw functionError("GotWorse", "errors rose from 11 % to 60 %");
      return undefined;
    });

    expect(calls.find(({ payload }) => payload["name"] === "run-1-failed")!.payload["cause"]).toBe("worse");
  });

  it("calls people when attempts are used up, and not when it was frozen", async () => {
    const refused =
      (outcome: string): Answer =>
      ({ fn }) =>
        fn === "admit" ? { admitted: false, outcome, reason: "2 runs failed", run } : undefined;
    const exhausted = await play(machine(ladderPlan()), refused("exhausted"));
    const frozen = await play(machine(ladderPlan()), refused("frozen"));

    expect(called(exhausted.calls)).toEqual(["run-1-exhausted"]);
    expect(exhausted.error).toBe("AttemptsExhausted");
    expect(called(frozen.calls)).toEqual([]);
  });

  it("calls people at once for a criterion that asks for it, and goes on", async () => {
    const plan = ladderPlan((given) => {
      given.escalation!.criteria = ["errors"];
    });
    const { calls, status } = await play(machine(plan));

    expect(called(calls)).toEqual(["run-1-not-restored", "run-1-criterion"]);
    expect(status).toBe("SUCCEEDED");
  });

  it("calls nobody for a dry run that fails", async () => {
    const { calls, status } = await play(machine(ladderPlan()), ({ fn, payload }) => {
      if (fn === "admit")
        return { admitted: true, outcome: "admitted", reason: "", run: { ...run, dryRun: true } };
      if (payload.verb === "preflight") throw functionError("Refusal", "no");
      return undefined;
    });

    expect(status).toBe("FAILED");
    expect(called(calls)).toEqual([]);
  });

  it("is not compiled without the ladder's machine, and says so", () => {
    const { escalation: _, ...lacking } = bindings;

    expect(() => compileWorkflow(ladderPlan(), registries, lacking)).toThrow(MissingBinding);
  });
});
