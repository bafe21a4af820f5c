import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Change, RunContext } from "../../../lambdas/runtime/protocol.ts";
import type { ActionSpec } from "../../../lambdas/runtime/spec.ts";
import { functionPool } from "../../../sandbox/engines/functions/index.ts";
import { addFault, type Harm } from "../../../sandbox/faults.ts";
import { recordAuthorizations } from "../../../sandbox/front/iam/index.ts";
import { iamState } from "../../../sandbox/services/iam/state.ts";
import { lambdaState } from "../../../sandbox/services/lambda/state.ts";
import type { DrillBench } from "../../drills/harness.ts";
import { answerOf, StepCaller } from "../caller.ts";
import type { ActionFixture } from "../fixture.ts";
import { secretsSeen } from "../secrets.ts";

/**
 * What every action must keep (STYLE rules 4 and 5), shown on its deployed functions, under their own roles, against
 * the sandbox. `bench` is a deployed plan that has the step.
 */
export function contract(spec: ActionSpec, fixture: ActionFixture, bench: () => DrillBench): void {
  describe(spec.kind, () => {
    let caller: StepCaller;
    let input: Record<string, unknown>;
    const heals: (() => void)[] = [];

    beforeAll(async () => {
      caller = await StepCaller.of(bench(), fixture.step, spec.kind);
      input = await fixture.input(bench());
    });
    afterEach(() => {
      for (const heal of heals.splice(0)) heal();
    });

    const observe = () => fixture.observe(bench());
    const reverted = fixture.reverted ?? ((before: unknown) => before);
    const harm = (kind: Harm, nth?: number) =>
      heals.push(
        addFault(bench().sandbox.world, {
          service: fixture.call.service,
          operation: fixture.call.operation,
          ...(nth === undefined ? {} : { nth }),
          principal: (principal) =>
            principal.type === "role" && principal.roleArn === roleOf(bench(), caller.writer),
          harm: kind,
        }),
      );
    const resolved = async (): Promise<{ run: RunContext; change: Change }> => {
      const run = await caller.run();
      return { run, change: answerOf(await caller.preflight(run, input)).change };
    };
    /** Undoes what a test did, so that the next one finds the world as this one did. */
    const tidy = async (run: RunContext, change: Change) => {
      if (spec.revertible !== false) await caller.complete("revert", run, input, change);
    };

    it("refuses a wrong input by its path, before it calls anything", async () => {
      const run = await caller.run();
      const before = await observe();

      const called = await caller.preflight(run, fixture.bad.input(input));

      expect(called.error?.errorType).toBe("BadInput");
      expect(called.error?.errorMessage).toContain(fixture.bad.path);
      expect(await observe()).toEqual(before);
    });

    it("refuses a change whose `before` is not its own", async () => {
      const { run, change } = await resolved();
      const before = await observe();

      const called = await caller.change("apply", run, input, { ...change, before: { unknown: true } });

      expect(called.error?.errorType).toBe("BadInput");
      expect(called.error?.errorMessage).toContain("change.before");
      expect(await observe()).toEqual(before);
    });

    it("preflight resolves everything with the read part of its permissions and changes nothing", async () => {
      const before = await observe();
      const authorizations = recordAuthorizations(bench().sandbox.world);
      const seen = authorizations().length;

      const { change } = await resolved();

      const reader = roleOf(bench(), caller.reader);
      const own = authorizations()
        .slice(seen)
        .filter(({ principal }) => principal === reader);
      expect(own.filter(({ allowed }) => !allowed)).toEqual([]);
      expect(own.length).toBeGreaterThan(0);
      expect(spec.before.safeParse(change.before).error).toBeUndefined();
      expect(change.summary.length).toBeGreaterThan(10);
      expect(await observe()).toEqual(before);
    });

    it("apply does once what preflight said, and answers its declared outputs", async () => {
      const before = await observe();
      const { run, change } = await resolved();

      const done = await caller.complete("apply", run, input, change);

      expect(await observe()).toEqual(fixture.applied(before));
      const outputs = { ...change.expects, ...done.outputs };
      expect(spec.outputs.safeParse(outputs).error).toBeUndefined();
      await tidy(run, change);
    });

    it("apply under the same token twice has one effect", async () => {
      const before = await observe();
      const { run, change } = await resolved();
      await caller.complete("apply", run, input, change);

      await caller.complete("apply", run, input, change);

      expect(await observe()).toEqual(fixture.applied(before));
      await tidy(run, change);
    });

    it("apply after a lost reply finds what was done and goes on", async () => {
      const before = await observe();
      const { run, change } = await resolved();
      harm({ kind: "lose-reply" }, 1);

      const first = await caller.change("apply", run, input, change);
      if (first.error) await caller.complete("apply", run, input, change);
      else await caller.wait("apply", run, input, change, first.answer);

      expect(await observe()).toEqual(fixture.applied(before));
      await tidy(run, change);
    });

    it.each(["before", "after"] as const)(
      "apply killed right %s its call goes on when it is called again",
      async (when) => {
        const before = await observe();
        const { run, change } = await resolved();
        const name = nameOf(bench(), caller.writer);
        harm({ kind: "kill", when, kill: () => functionPool(bench().sandbox.world).crash(name) }, 1);

        const first = await caller.change("apply", run, input, change);
        await caller.complete("apply", run, input, change);

        expect(first.error?.errorMessage).toMatch(/exited/i);
        expect(await observe()).toEqual(fixture.applied(before));
        await tidy(run, change);
      },
    );

    it.skipIf(!fixture.disturb)("overwrites nothing that somebody changed since preflight", async () => {
      const { run, change } = await resolved();
      const heal = await fixture.disturb!(bench());
      const disturbed = await observe();

      const applied = await caller.change("apply", run, input, change);
      const undone = await caller.change("revert", run, input, change);
      const after = await observe();
      await heal();

      expect(applied.error?.errorType).toBe("ChangedSincePreflight");
      expect(undone.error?.errorType).toBe("ChangedSincePreflight");
      expect(after).toEqual(disturbed);
    });

    it("is AccessDenied when its role lacks the one permission, names it, and changes nothing", async () => {
      const before = await observe();
      const { run, change } = await resolved();
      heals.push(without(bench(), roleOf(bench(), caller.writer), fixture.call.action));

      const called = await caller.change("apply", run, input, change);

      expect(called.error?.errorType).toBe("AccessDenied");
      expect(called.error?.errorMessage).toContain(fixture.call.action);
      expect(await observe()).toEqual(before);
    });

    it("is Throttled when AWS asks to slow down, and changes nothing", async () => {
      const before = await observe();
      const { run, change } = await resolved();
      harm({ kind: "throttle" });

      const called = await caller.change("apply", run, input, change);

      expect(called.error?.errorType).toBe("Throttled");
      expect(await observe()).toEqual(before);
    });

    it.each([
      [
        "of an older generation",
        "StaleGeneration",
        async (run: RunContext) => ({ ...run, generation: run.generation - 1 }),
      ],
      ["in a dry run", "BadInput", async (run: RunContext) => ({ ...run, dryRun: true })],
      [
        "while automation is frozen",
        "Frozen",
        async (run: RunContext) => {
          const until = (hours: number) =>
            new Date(bench().sandbox.world.clock.now() + hours * 3_600_000).toISOString();
          await caller.put({ sk: { S: "FREEZE" }, until: { S: until(1) }, by: { S: "contract suite" } });
          return run;
        },
      ],
    ] as const)("apply %s changes nothing", async (_, errorType, changed) => {
      const before = await observe();
      const { run, change } = await resolved();

      const called = await caller.change("apply", await changed(run), input, change);
      await caller.put({
        sk: { S: "FREEZE" },
        until: { S: new Date(0).toISOString() },
        by: { S: "contract suite" },
      });

      expect(called.error?.errorType).toBe(errorType);
      expect(await observe()).toEqual(before);
    });

    it("revert of what was never started changes nothing", async () => {
      const before = await observe();
      const { run, change } = await resolved();

      await caller.complete("revert", run, input, change);

      expect(await observe()).toEqual(before);
    });

    it("revert works from started, and twice is harmless", async () => {
      const before = await observe();
      const { run, change } = await resolved();
      answerOf(await caller.change("apply", run, input, change));

      await caller.complete("revert", run, input, change);
      const once = await observe();
      await caller.complete("revert", run, input, change);

      expect(once).toEqual(reverted(before));
      expect(await observe()).toEqual(once);
    });

    it.skipIf(spec.revertible !== false)(
      "revert from done says that it cannot be undone, and changes nothing",
      async () => {
        const { run, change } = await resolved();
        await caller.complete("apply", run, input, change);
        const done = await observe();

        const called = await caller.change("revert", run, input, change);

        expect(called.error?.errorType).toBe("WorkFailed");
        expect(await observe()).toEqual(done);
      },
    );

    it.skipIf(spec.revertible === false)(
      "revert works from done, by the run that takes the ended one back, and twice is harmless",
      async () => {
        const before = await observe();
        const { run, change } = await resolved();
        await caller.complete("apply", run, input, change);
        const undo = { ...run, id: `${run.id}-undo`, undoes: run.id };

        await caller.complete("revert", undo, input, change);
        const once = await observe();
        await caller.complete("revert", undo, input, change);

        expect(once).toEqual(reverted(before));
        expect(await observe()).toEqual(once);
      },
    );

    fixture.also?.(bench);

    it("no secret is in anything it answered or logged", async () => {
      const { known, found } = secretsSeen(bench(), caller.said);

      expect(known).toBeGreaterThan(0);
      expect(found).toBe(0);
    });
  });
}

const nameOf = (_: DrillBench, functionArn: string) => functionArn.split(":")[6]!;

/** ARN of the role a function runs under. */
function roleOf(bench: DrillBench, functionArn: string): string {
  const found = lambdaState(bench.sandbox.world).functions.get(nameOf(bench, functionArn));
  if (!found) throw new Error(`The sandbox has no function ${functionArn}`);
  return found.latest.role;
}

/** Takes one action out of a role's policies; the returned function puts it back. */
function without({ sandbox }: DrillBench, roleArn: string, action: string): () => void {
  const role = [...iamState(sandbox.world).roles.values()].find(({ arn }) => arn === roleArn)!;
  const kept = new Map(role.inline);
  let taken = 0;
  for (const [name, document] of kept) {
    const copy = structuredClone(document);
    for (const statement of [copy.Statement ?? []].flat()) {
      if (statement.Effect !== "Allow" || !statement.Action) continue;
      const actions = [statement.Action].flat();
      statement.Action = actions.filter((each) => each !== action);
      taken += actions.length - statement.Action.length;
      if (statement.Action.length === 0) statement.Action = ["none:None"];
    }
    role.inline.set(name, copy);
  }
  if (taken === 0) throw new Error(`${roleArn} was never allowed ${action}`);
  return () => {
    for (const [name, document] of kept) role.inline.set(name, document);
  };
}
