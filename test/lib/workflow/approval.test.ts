import { describe, expect, it } from "vitest";
import type { Plan } from "../../../lib/plan/schema.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { StateFailure } from "../../../sandbox/states/failure.ts";
import { type PlanInput, smallPlan } from "./plans.ts";
import { type Answer, type Call, functionError, play } from "./play.ts";
import { bindings, registries } from "./registries.ts";

const asking = (more: Partial<NonNullable<PlanInput["approval"]>> = {}): Plan =>
  smallPlan((plan) => {
    plan.approval = { approvers: ["lead@shop.example"], deadline: "1h", ...more };
  });

const approve = { decision: "approve", level: "full", rule: "errors", because: "they rose", inputs: {} };

/** Decides `approve`; `settled`: what the table says after the wait. */
const answering =
  (settled: object, ask: () => unknown = () => ({})): Answer =>
  ({ fn, payload }) => {
    if (fn === "decide") return approve;
    if (fn !== "approval") return undefined;
    return payload.verb === "ask" ? ask() : settled;
  };
const answer = (outcome: string) => ({
  outcome,
  by: "lead@shop.example",
  via: "page",
  at: "now",
  because: "so",
});
const played = (given: Answer, plan: Plan = asking()) =>
  play(compileWorkflow(plan, registries, bindings).definition, given);
const moments = (calls: Call[]) => calls.flatMap(({ payload }) => payload.moment ?? []);

describe("a run that asks for an approval", () => {
  it("asks after every change is resolved and before the first is made, with all that a person needs", async () => {
    const { calls, status } = await played(answering(answer("approved")));

    expect(status).toBe("SUCCEEDED");
    const at = calls.findIndex(({ payload }) => payload.verb === "ask");
    const verbs = calls.map(({ payload }) => payload.verb);
    expect(verbs.lastIndexOf("preflight")).toBeLessThan(at);
    expect(verbs.indexOf("apply")).toBeGreaterThan(at);
    expect(calls[at]!.payload).toMatchObject({
      token: expect.stringMatching(/./),
      changes: { restore: { before: { id: "old-restore" }, after: { id: "new-restore" } } },
      asking: {
        approvers: ["lead@shop.example"],
        atDeadline: { full: { action: "hold", because: "data is touched by restore" } },
        dataSteps: ["restore"],
        expected: { watchSeconds: 360 },
      },
    });
    expect(moments(calls).slice(0, 2)).toEqual(["approval", "started"]);
  });

  it("tells everybody who approved, from the start on", async () => {
    const { calls } = await played(answering(answer("approved")));

    const started = calls.find(({ payload }) => payload.moment === "started")!;
    expect(started.payload["approval"]).toEqual(answer("approved"));
  });

  it.each(["States.Timeout", "ApprovalSettled"])(
    "goes by the table when the wait ends with %s: a recorded yes counts",
    async (error) => {
      const ended = await played(
        answering(answer("approved"), () => {
          throw new StateFailure(error);
        }),
      );

      expect(ended.status).toBe("SUCCEEDED");
      expect(ended.changes).toContain("apply restore");
      expect(ended.calls.filter(({ payload }) => payload.verb === "ask")).toHaveLength(1);
    },
  );

  it("leaves as long as the plan says for a hotfix, and then rolls back", async () => {
    const plan = smallPlan((each) => {
      each.approval = { approvers: ["lead@shop.example"], deadline: "1h" };
      each.deployments = { hotfix: "15m" };
    });
    const { calls } = await played(({ fn, payload }) => {
      if (fn === "decide") return { ...approve, hotfixSeconds: 900 };
      if (fn !== "approval") return undefined;
      return payload.verb === "ask" ? {} : answer("approved");
    }, plan);

    const { asking: asked } = calls.find(({ payload }) => payload.verb === "ask")!.payload as {
      asking: { expiresAt: string; atDeadline: Record<string, unknown> };
    };
    expect(asked.atDeadline["full"]).toMatchObject({ action: "rollback" });
    const started = Date.UTC(2026, 0, 8, 10);
    expect(Date.parse(asked.expiresAt) - started).toBeLessThan(16 * 60_000);
  });

  it("holds at the deadline what a person must say, whatever the plan's default", async () => {
    const { calls } = await played(
      ({ fn, payload }) => {
        if (fn === "decide") return { ...approve, mustBeSaid: true };
        if (fn !== "approval") return undefined;
        return payload.verb === "ask" ? {} : answer("held");
      },
      asking({ atDeadline: "rollback" }),
    );

    expect(calls.find(({ payload }) => payload.verb === "ask")!.payload["asking"]).toMatchObject({
      atDeadline: { full: { action: "hold", because: "a person must say so" } },
    });
  });

  it("ends as rejected, with nothing changed and the lock free", async () => {
    const ended = await played(answering(answer("rejected")));

    expect(ended).toMatchObject({ status: "SUCCEEDED", changes: [], output: { outcome: "rejected" } });
    expect(ended.calls.at(-1)).toMatchObject({ fn: "release", payload: { outcome: "rejected" } });
    expect(moments(ended.calls)).toEqual(["approval", "rejected"]);
  });

  it.each(["held", "something else"])(
    "changes nothing on the answer %s, and fails so that somebody looks",
    async (outcome) => {
      const ended = await played(answering(answer(outcome)));

      expect(ended).toMatchObject({ status: "FAILED", error: "Held", changes: [] });
      expect(ended.calls.at(-1)).toMatchObject({ fn: "release", payload: { outcome: "held" } });
      expect(moments(ended.calls)).toEqual(["approval", "held"]);
    },
  );

  it("asks again when the question could not be asked, and fails when it cannot be asked at all", async () => {
    let asked = 0;
    const twice = await played(
      answering(answer("approved"), () => {
        asked += 1;
        if (asked === 1) throw functionError("Throttled", "slow down");
        return {};
      }),
    );
    expect(twice.status).toBe("SUCCEEDED");
    const never = await played(
      answering(answer("approved"), () => {
        throw functionError("AccessDenied", "no");
      }),
    );

    expect(never).toMatchObject({ status: "FAILED", error: "AccessDenied", changes: [] });
    expect(moments(never.calls)).toEqual(["approval", "failed"]);
  });

  it("changes nothing when what came of it cannot be read", async () => {
    const ended = await played(({ fn, payload }) => {
      if (fn === "decide") return approve;
      if (fn === "approval" && payload.verb === "settle")
        throw functionError("ApprovalVoid", "other changes");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "ApprovalVoid", changes: [] });
  });

  it("asks about a run by hand only with four eyes", async () => {
    const byHand: Answer = () => undefined; // decides rollback, trigger manual
    const alone = await played(byHand);
    const together = await played(byHand, asking({ fourEyes: true }));

    expect(alone.states).not.toContain("Ask for approval");
    expect(together.states).toContain("Ask for approval");
  });

  it("shows a dry run without asking", async () => {
    const ended = await played((call) => {
      const own = answering(answer("approved"))(call, [], 0);
      if (call.fn !== "admit") return own;
      return {
        admitted: true,
        outcome: "admitted",
        reason: "first",
        run: { id: "run-1", service: "shop", dryRun: true, trigger: { type: "manual", by: "x" } },
      };
    });

    expect(ended.states).not.toContain("Ask for approval");
    expect(ended.output).toMatchObject({ outcome: "dry-run" });
  });

  it("waits for as long as the plan says, and the machine for longer", () => {
    const { definition } = compileWorkflow(asking({ deadline: "3h" }), registries, bindings);

    const state = definition.States["Ask for approval"]!;
    expect(state).toMatchObject({ Type: "Task", TimeoutSeconds: 10_800 });
    expect((state as { Resource: string }).Resource).toMatch(/lambda:invoke\.waitForTaskToken$/);
    expect(definition.TimeoutSeconds).toBeGreaterThan(10_800);
  });
});
