import { describe, expect, it } from "vitest";
import type { Plan } from "../../../lib/plan/schema.ts";
import { compileUndo } from "../../../lib/workflow/undo.ts";
import { smallPlan } from "./plans.ts";
import { type Answer, functionError, play, run, wellBehaved } from "./play.ts";
import { bindings, registries } from "./registries.ts";
import { allStates, catchers, ends } from "./walk.ts";

const change = (id: string) => ({ before: { id }, after: { id: `${id}-new` }, summary: `${id} changes` });
const RECALLED = {
  changes: { restore: change("restore"), key: change("key"), "db-address": change("db-address") },
  summaries: { restore: { summary: "taken back: restore changes" } },
  steps: { restore: { endpoint: { address: "new.example.com" } }, key: {}, "db-address": {} },
  decision: { decision: "rollback", level: "full", rule: "undo", because: "asked", inputs: {} },
};

const undone = (answer: Answer = () => undefined, plan: Plan = smallPlan()) =>
  play(compileUndo(plan, bindings, registries), (call, calls, now) => {
    const own = answer(call, calls, now);
    if (own !== undefined) return own;
    if (call.fn === "recall") return RECALLED;
    return call.fn === "admit"
      ? { ...(wellBehaved(call) as object), run: { ...run, undoes: "run-0" } }
      : undefined;
  });

describe("a rollback that is taken back", () => {
  it("reverts every step newest first with the recorded changes, verifies, and applies nothing", async () => {
    const ended = await undone();

    expect(ended.status).toBe("SUCCEEDED");
    expect(ended.changes).toEqual(["revert db-address", "revert key", "revert restore"]);
    const first = ended.calls.find(({ payload }) => payload.verb === "revert")!;
    expect(first.payload.change).toEqual(RECALLED.changes["db-address"]);
    expect(ended.states.indexOf("Verify")).toBeGreaterThan(ended.states.indexOf("Revert restore"));
    expect(ended.states.at(-1)).toBe("Taken back");
  });

  it("stops at the first step that cannot be taken back: nothing is half on one side", async () => {
    const ended = await undone(({ payload }) => {
      if (payload.verb === "revert" && payload.step!.id === "key")
        throw functionError("ChangedSincePreflight", "somebody moved it");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "ChangedSincePreflight" });
    expect(ended.changes).toEqual(["revert db-address", "revert key"]);
    expect(ended.calls.at(-1)!.payload.outcome).toBe("failed");
  });

  it("changes nothing when the run cannot be recalled", async () => {
    const ended = await undone(({ fn }) => {
      if (fn === "recall") throw functionError("Refusal", "no report");
      return undefined;
    });

    expect(ended).toMatchObject({ status: "FAILED", error: "Refusal" });
    expect(ended.changes).toEqual([]);
  });

  it("a dry run shows what would be taken back", async () => {
    const ended = await undone((call) =>
      call.fn === "admit"
        ? { ...(wellBehaved(call) as object), run: { ...run, undoes: "run-0", dryRun: true } }
        : undefined,
    );

    expect(ended.status).toBe("SUCCEEDED");
    expect(ended.changes).toEqual([]);
    const mail = ended.calls.find(({ payload }) => payload.moment === "dry-run")!;
    expect(mail.payload["changes"]).toEqual(RECALLED.summaries);
  });

  it("what is found bad afterwards is told, and not undone once more", async () => {
    const ended = await undone((call) =>
      call.payload.check ? { ...(wellBehaved(call) as object), verdict: "failed" } : undefined,
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "ChecksNotPassed" });
    expect(ended.changes).toHaveLength(3);
  });

  it("ends in Fail on every path that begins in a Catch", () => {
    let walked = 0;
    for (const { name, state, machine } of allStates(compileUndo(smallPlan(), bindings, registries)))
      for (const target of catchers(state)) {
        walked += 1;
        for (const end of ends(machine, target))
          expect({ from: name, ...end }).toMatchObject({ type: "Fail" });
      }
    expect(walked).toBeGreaterThan(20);
  });
});
