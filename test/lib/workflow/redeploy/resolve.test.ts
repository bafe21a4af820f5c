import { describe, expect, it } from "vitest";
import { resolvedAnew } from "../../../../lib/plan/redeploy.ts";
import type { Registries } from "../../../../lib/plan/registries.ts";
import { StateFailure } from "../../../../sandbox/states/failure.ts";
import type { Call } from "../play.ts";
import { functionError } from "../play.ts";
import { registries } from "../registries.ts";
import { climbed, ended, rampPlan, rampRun } from "./ramp.ts";

/** Kinds whose steps touch what their `target` says. */
const touching: Registries = {
  ...registries,
  actions: Object.fromEntries(
    Object.entries(registries.actions).map(([kind, spec]) => [
      kind,
      { ...spec, touches: ({ target }: { target?: string }) => [{ type: "flag", id: target ?? kind }] },
    ]),
  ),
};

/** A flag at a tenth, then at a hundred; another flag with the last step. */
const flags = rampPlan((each) => {
  const [, tenth, all] = each.redeploy!.steps;
  tenth!.steps = [{ id: "tenth", action: "point", with: { target: "checkout" } }];
  all!.steps = [
    { id: "all", action: "point", with: { target: "checkout" } },
    { id: "retries", action: "point", with: { target: "retries" } },
  ];
});

/** A world of flags: each is at a share, which a step's preflight reads and its apply sets. */
function world(share: Record<string, number> = { checkout: 0, retries: 0 }) {
  const goal: Record<string, number> = { tenth: 10, all: 100, retries: 1 };
  const target: Record<string, string> = { tenth: "checkout", all: "checkout", retries: "retries" };
  const answer = ({ payload }: Call): unknown => {
    const id = payload.step?.id ?? "";
    if (payload.verb === "preflight")
      return {
        change: {
          before: { id: String(share[target[id]!]) },
          after: { share: goal[id] },
          summary: `${target[id]} ${share[target[id]!]} → ${goal[id]}`,
        },
      };
    if (payload.verb === "apply") {
      share[target[id]!] = goal[id]!;
      return { done: true, note: "set" };
    }
    return undefined;
  };
  return { share, answer };
}

describe("the changes of a ramp", () => {
  it("are resolved anew after the step that makes them different, and only then", () => {
    const anew = resolvedAnew(flags, touching).map((later) => later.map(({ change }) => change.id));

    expect(anew).toEqual([[], ["all"], []]);
  });

  it("are resolved anew as well where they are made of what an earlier step gives", () => {
    const plan = rampPlan((each) => {
      each.redeploy!.steps[2]!.steps![1]!.with = { target: "{% $steps.tenth.id %}" };
    });

    expect(resolvedAnew(plan, registries)[1]!.map(({ change }) => change.id)).toEqual(["retries"]);
  });

  it("are all resolved before the first of them is made", async () => {
    const { answer } = world();
    const run = await climbed(answer, flags, touching);
    const verbs = run.calls.flatMap(({ payload }) =>
      payload.verb === "preflight" || payload.verb === "apply" ? [`${payload.verb} ${payload.step!.id}`] : [],
    );

    expect(run.status).toBe("SUCCEEDED");
    expect(verbs).toEqual([
      "preflight tenth",
      "preflight all",
      "preflight retries",
      "preflight tenth",
      "apply tenth",
      "preflight all",
      "preflight all",
      "preflight retries",
      "apply all",
      "apply retries",
    ]);
  });

  it("are refused, and nothing is begun, when one of them cannot be resolved", async () => {
    const run = await climbed(({ payload }) => {
      if (payload.verb === "preflight" && payload.step!.id === "retries")
        throw functionError("Refusal", "there is no such flag");
      return undefined;
    });

    expect(run).toMatchObject({ status: "FAILED", error: "Refusal" });
    expect(run.cause).toContain("there is no such flag");
    expect(run.changes).toEqual([]);
    expect(run.states).not.toContain("Enter 10 %");
    expect(ended(run)).toMatchObject([{ outcome: "refused" }]);
  });
});

describe("somebody else who changes a flag between two steps", () => {
  /** Changes it while a step is held. */
  const meddling = (during: string, flag: string) => {
    const { share, answer } = world();
    return {
      share,
      answer: (call: Call) => {
        if (call.fn === "shop-redeploy-hold" && call.payload["name"] === during) share[flag] = 70;
        return answer(call);
      },
    };
  };

  it("is not overwritten: the ramp stops where it is, says from what to what, and gives the lock back", async () => {
    const { share, answer } = meddling("run-1-2-2", "checkout");
    const run = await climbed(answer, flags, touching);

    expect(run).toMatchObject({ status: "FAILED", error: "RampFailed" });
    expect(run.cause).toContain(
      'all was to be "checkout 10 → 100" and would now be "checkout 70 → 100". Nothing of it was overwritten.',
    );
    expect(run.changes).toEqual(["apply tenth"]);
    expect(share).toEqual({ checkout: 70, retries: 0 });
    expect(ended(run)).toMatchObject([{ outcome: "failed", ending: "stopped at 10 %" }]);
  });

  it("is found out days later too, where the flag is one that no step before has touched", async () => {
    const run = await climbed(meddling("run-1-1-1", "retries").answer, flags, touching);

    expect(run.changes).toEqual(["apply tenth"]);
    expect(run.cause).toContain('retries was to be "retries 0 → 1" and would now be "retries 70 → 1"');
  });

  it("is no matter where he changes what no step is about", async () => {
    const run = await climbed(meddling("run-1-2-1", "search").answer, flags, touching);

    expect(run.status).toBe("SUCCEEDED");
  });
});

describe("a reply that was lost at a step's change", () => {
  it("is no reason to go back: the change is asked for again, finds itself made, and is made once", async () => {
    const { share, answer } = world();
    let lost = false;
    const run = await climbed(
      (call) => {
        const said = answer(call);
        if (call.payload.verb === "apply" && call.payload.step!.id === "tenth" && !lost) {
          lost = true;
          throw new StateFailure("Lambda.SdkClientException", "the connection broke");
        }
        return said;
      },
      flags,
      touching,
    );

    expect(run.status).toBe("SUCCEEDED");
    expect(run.changes).toEqual(["apply tenth", "apply tenth", "apply all", "apply retries"]);
    expect(share).toEqual({ checkout: 100, retries: 1 });
  });

  it("that stays lost takes the step back, by what was recorded before it", async () => {
    const { answer } = world();
    const run = await climbed(
      (call) => {
        const said = answer(call);
        if (call.payload.verb === "apply" && call.payload.step!.id === "tenth")
          throw new StateFailure("Lambda.SdkClientException", "the connection broke");
        return said;
      },
      flags,
      touching,
    );

    expect(run).toMatchObject({ status: "FAILED", error: "WentBack" });
    expect(run.changes.at(-1)).toBe("revert tenth");
    // The function may still be at work when nobody hears of it.
    expect(run.states).toContain("Let Redeploy: 10 % end");
    expect(ended(run)).toMatchObject([{ outcome: "back", ending: "back at staging" }]);
  });
});

describe("a dry run of a ramp", () => {
  const dry = { ...rampRun, dryRun: true };
  const begin =
    (more: object = {}) =>
    (call: Call) =>
      call.fn === "redeploy" && call.payload.verb === "begin"
        ? { outcome: "admitted", reason: "dry run of 2.4.1", run: dry, ...more }
        : undefined;

  it("resolves everything, shows the calls, the holds and what takes it back, and changes nothing", async () => {
    const run = await climbed(begin());
    const output = run.output as { planned: unknown; outline: { steps: object[] }; changes: object };

    expect(run.status).toBe("SUCCEEDED");
    expect(output).toMatchObject({
      outcome: "dry-run",
      version: "2.4.1",
      refused: "",
      planned: { steps: ["tenth", "all", "retries"] },
      outline: { back: ["errors"], atOnce: [], approval: "" },
    });
    expect(output.outline.steps).toEqual([
      { name: "staging", holdSeconds: 86_400, everySeconds: 600, changes: [] },
      { name: "10 %", holdSeconds: 172_800, everySeconds: 600, changes: ["tenth"] },
      { name: "100 %", holdSeconds: 43_200, everySeconds: 3600, changes: ["all", "retries"] },
    ]);
    expect(Object.keys(output.changes)).toEqual(["tenth", "all", "retries"]);
    expect(run.changes).toEqual([]);
    expect(run.calls.map(({ payload }) => payload.verb)).not.toContain("enter");
    expect(run.calls.filter(({ fn }) => fn === "shop-redeploy-hold")).toEqual([]);
    expect(ended(run)).toMatchObject([{ outcome: "dry-run" }]);
  });

  it("says that a ramp would be refused now, and why", async () => {
    const run = await climbed(begin({ refused: true, reason: "ada froze it" }));

    expect(run.output).toMatchObject({ refused: "ada froze it" });
    const mail = run.calls.find(({ fn }) => fn === "announce")!.payload["ramp"];
    expect(mail).toMatchObject({ phase: "dry-run", because: "ada froze it" });
  });

  it("calls nobody when it fails: nothing was changed", async () => {
    const plan = rampPlan((each) => {
      each.notify = { email: ["team@shop.example"] };
      each.escalation = { rungs: [{ after: "0m", audiences: ["engineers"] }] };
    });
    const run = await climbed((call) => {
      if (call.payload.verb === "calls") throw functionError("AccessDenied", "may not ask IAM");
      return begin()(call);
    }, plan);

    expect(run).toMatchObject({ status: "FAILED", error: "Refusal" });
    expect(run.calls.map(({ fn }) => fn)).not.toContain("shop-escalation");
  });
});
