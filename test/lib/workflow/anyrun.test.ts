import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../lib/plan/schema.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { anyPlan } from "./plans.ts";
import { type Answer, functionError, type Played, play, wellBehaved } from "./play.ts";
import { bindings, registries } from "./registries.ts";

/** What may go wrong, and at which of the calls that could go wrong that way. */
interface Trouble {
  kind: "throw" | "verdict" | "slow" | "nonsense";
  at: number;
  verdict: string;
  revertsFail: boolean;
}

const anyTrouble: fc.Arbitrary<Trouble | undefined> = fc.option(
  fc.record({
    kind: fc.constantFrom("throw" as const, "verdict" as const, "slow" as const, "nonsense" as const),
    at: fc.integer({ min: 0, max: 40 }),
    verdict: fc.constantFrom("failed", "error", "inconclusive"),
    revertsFail: fc.boolean(),
  }),
  { nil: undefined, freq: 5 },
);

const anyLevel = fc.constantFrom("full", "partial", "flag");

function answering(level: string, trouble: Trouble | undefined): { answer: Answer; happened: () => boolean } {
  let calls = 0;
  let happened = false;
  let stuck: string | undefined;
  const answer: Answer = (call) => {
    const { payload, fn } = call;
    if (fn === "decide") return { decision: "rollback", level, rule: "errors", because: "so", inputs: {} };
    if (!trouble || call.async) return undefined;
    if (payload.verb === "revert" && trouble.revertsFail) throw functionError("RevertBroken", "no way back");
    if (payload.verb === "revert" || payload.phase === "revert" || payload.moment === "failed")
      return undefined;
    if (stuck !== undefined && payload.step?.id === stuck) return { done: false, note: "still" };
    const hit = () => {
      calls += 1;
      if (calls - 1 !== trouble.at) return false;
      happened = true;
      return true;
    };
    if (trouble.kind === "verdict")
      return payload.verb === "measure" && hit()
        ? { ...(wellBehaved(call) as object), verdict: trouble.verdict }
        : undefined;
    if (trouble.kind === "slow") {
      if (payload.verb !== "apply" || !hit()) return undefined;
      stuck = payload.step!.id;
      return { done: false, note: "still" };
    }
    if (fn === "release" || fn === "report") return undefined;
    if (!hit()) return undefined;
    if (trouble.kind === "nonsense") return fn === "announce" ? undefined : "what?";
    throw functionError("Unexpected", "something else");
  };
  return { answer, happened: () => happened };
}

/** What must hold of any run, however it went. */
function soundly(
  plan: Plan,
  level: string,
  { status, calls, changes, clock, history, error }: Played,
  timeout: number,
): void {
  expect(["SUCCEEDED", "FAILED"]).toContain(status);
  expect((clock.now() - clock.origin) / 1000).toBeLessThan(timeout);
  expect(history.events.length).toBeLessThan(25_000);

  // Nothing is changed before all of it is resolved.
  const firstApply = calls.findIndex(({ payload }) => payload.verb === "apply");
  if (firstApply >= 0)
    expect(calls.slice(firstApply).some(({ payload }) => payload.verb === "preflight")).toBe(false);

  // Only stages of the level are touched, and of those that the run may climb to.
  const ladder = (plan.levels ?? []).map(({ name }) => name);
  const reached = [level, ...ladder.slice(ladder.indexOf(level))];
  const ofLevel = plan.stages.filter(
    ({ levels }) =>
      !levels || levels.some((each) => (ladder.length > 0 ? reached.includes(each) : each === level)),
  );
  const allowed = new Set(ofLevel.flatMap((stage) => stage.steps.map(({ id }) => id)));
  const touched = calls.flatMap(({ payload }) => payload.step?.id ?? []);
  for (const id of touched) expect(allowed.has(id)).toBe(true);

  // What ends well was measured, and well in the last round of everything.
  const releases = calls.filter(({ fn }) => fn === "release").map(({ payload }) => payload.outcome);
  if (status === "SUCCEEDED") {
    expect(releases).toEqual(["succeeded"]);
    expect(changes.filter((each) => each.startsWith("revert"))).toEqual([]);
    expect([...new Set(touched)].toSorted()).toEqual([...allowed].toSorted());
    return;
  }
  // What ends badly is reported, told, keeps the lock, and names its reason.
  expect(error).toBeTruthy();
  expect(calls.filter(({ payload }) => payload.moment === "failed")).toHaveLength(1);
  expect(releases.at(-1)).toBe("failed");

  // What is undone is undone newest stage first, and then all that was begun.
  const reverted = changes.flatMap((each) => (each.startsWith("revert ") ? each.slice(7) : []));
  const applied = changes.flatMap((each) => (each.startsWith("apply ") ? each.slice(6) : []));
  const newestFirst = ofLevel.flatMap((stage) => stage.steps.map(({ id }) => id)).toReversed();
  expect(reverted).toEqual(newestFirst.slice(newestFirst.length - reverted.length));
  if (plan.onFailure === "hold") expect(reverted).toEqual([]);
  else if (reverted.length > 0) expect(applied.filter((id) => !reverted.includes(id))).toEqual([]);
}

describe("any run of any plan", () => {
  it("ends as it must, whatever goes wrong", async () => {
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(anyPlan, anyLevel, anyTrouble, async (plan, level, trouble) => {
        const { definition } = compileWorkflow(plan, registries, bindings);
        const { answer, happened } = answering(level, trouble);
        const ended = await play(definition, answer);

        soundly(plan, level, ended, definition.TimeoutSeconds!);
        if (!trouble || !happened()) expect(ended.status).toBe("SUCCEEDED");
        if (ended.status === "FAILED") failed += 1;
      }),
      { numRuns: 150 },
    );
    // Else nothing went wrong in any of them, and nothing was shown.
    expect(failed).toBeGreaterThan(5);
  }, 60_000);
});
