import type { Context } from "aws-lambda";
import { describe, expect, it, vi } from "vitest";
import { handler as approval } from "../../../lambdas/approval/handler.ts";
import { handler as deployment } from "../../../lambdas/deployment/handler.ts";
import { deployments } from "../../../lambdas/runtime/deployments.ts";
import { endLock, readLock, takeLock } from "../../../lambdas/runtime/lock.ts";
import type { ApprovalAnswer, RampAdmission, RunContext } from "../../../lambdas/runtime/protocol.ts";
import { readRamp } from "../../../lambdas/runtime/ramp.ts";
import { readRow } from "../../../lambdas/runtime/rows.ts";
import { approvalPartition, requestKey } from "../../../lib/plan/approval.ts";
import { TABLE } from "../table.ts";
import {
  ago,
  begin,
  call,
  end,
  enter,
  freeze,
  hold,
  onTheBus,
  rampBench,
  rang,
  rowsOf,
  service,
  woken,
} from "./bench.ts";

vi.hoisted(() => {
  process.env["POWERTOOLS_LOG_LEVEL"] = "SILENT"; // read when the logger is made
});

rampBench();

const deployed = (version: string, startedAt = ago(0)) =>
  deployment({ detail: { service, version, startedAt } }, {} as Context);
const ask = (run: RunContext, question = `${run.id}-step-2`) =>
  call<RampAdmission>({ verb: "ask", run, question });

const decision = {
  decision: "approve" as const,
  level: "the ramp",
  rule: "redeploy",
  because: "",
  inputs: {},
};
const changes = { tenth: { before: { v: "1" }, after: { v: "2" }, summary: "10 %" } };
/** What the state that waits sends; nobody is told here, so nothing comes after the row. */
const asked = (run: RunContext, token: string, expiresAt = ago(-3600)) =>
  approval(
    {
      verb: "ask",
      ramp: run.id,
      run: { ...run, id: `${run.id}-step-2` },
      decision,
      changes,
      asking: {
        approvers: [],
        expiresAt,
        // As a mistaken caller might say: a ramp holds all the same.
        atDeadline: { "the ramp": { action: "rollback", because: "a mistake" } },
        dataSteps: [],
        expected: { changeSeconds: 5, watchSeconds: 60 },
      },
      token,
    },
    {} as Context,
  ) as unknown as Promise<object>;

describe("another version that is deployed in the middle of a ramp", () => {
  it("ends it: its hold is woken, and it goes neither up nor back any more", async () => {
    const { run } = await begin();
    const { run: inside } = await enter(run);
    await call({ verb: "leave", run: inside });
    await hold(inside);
    const answer = await deployed("2.5.0");

    expect(answer).toMatchObject({ because: expect.stringContaining("the ramp ramp-1 of 2.4.1 is over") });
    expect(woken).toEqual([{ taskToken: "token-1", error: "Replaced" }]);
    for (const direction of ["up", "back"] as const)
      expect(await enter(inside, "25 %", direction)).toMatchObject({
        outcome: "replaced",
        reason: "version 2.5.0 was deployed while 2.4.1 went out again",
      });
    await expect(hold(inside)).rejects.toMatchObject({ name: "Replaced" });
    expect(await end(inside, "redeployed", "redeployed")).toMatchObject({ ended: false });
    expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });
  });

  it("makes what rings an ordinary alarm: it is rather about that version", async () => {
    const { run } = await begin();
    await enter(run);
    await deployed("2.5.0");

    expect(await rang()).toBeUndefined();
  });

  it("told of twice is one, and the first one stays the reason", async () => {
    const { run } = await begin();
    await hold(run);
    const at = ago(0);
    await deployed("2.5.0", at);
    await deployed("2.5.0", at);
    await deployed("2.6.0");

    expect((await readRamp(TABLE, service))?.replacedBy).toBe("2.5.0");
  });

  it("is no other when it is the ramp's own, on its way to staging, or began before the ramp did", async () => {
    const { run } = await begin();
    await hold(run);
    await deployed("2.4.1");
    await deployed("2.5.0", ago(3600));

    expect(woken).toEqual([]);
    expect(await enter(run)).toMatchObject({ outcome: "admitted" });
  });

  it("counts for less than a run that began: that one says what is out", async () => {
    const { run } = await begin();
    await deployed("2.5.0");
    await call({ verb: "stopped", name: "ramp-1", status: "ABORTED" });

    expect(await deployed("2.6.0")).toMatchObject({ because: expect.not.stringContaining("is over") });
    expect(await enter(run)).toMatchObject({ outcome: "overtaken" });
  });
});

describe("a lock that is in the way of a ramp", () => {
  it("held by a run for a moment is waited for, and taken when it is free", async () => {
    const { run } = await begin();
    const { lock } = await takeLock(TABLE, service, "dry-1", "running", Date.now());

    await expect(enter(run)).rejects.toMatchObject({ name: "ServiceUnavailable" });
    await endLock(TABLE, { ...run, id: "dry-1", generation: lock.generation }, "free", Date.now());
    expect(await enter(run)).toMatchObject({ outcome: "admitted" });
  });

  it("kept by a run that failed is not waited for: a person must release it", async () => {
    const { run } = await begin();
    const { lock } = await takeLock(TABLE, service, "errors-1", "running", Date.now());
    await endLock(TABLE, { ...run, id: "errors-1", generation: lock.generation }, "kept", Date.now());

    const answer = await enter(run);
    expect(answer).toMatchObject({ outcome: "overtaken" });
    expect(answer.reason).toContain("run errors-1 failed and keeps the lock");
  });
});

describe("a ramp that asks its approvers", () => {
  it("holds no lock meanwhile, and is waited for under a question of its own", async () => {
    const { run } = await begin();

    expect(await ask(run)).toMatchObject({ outcome: "admitted" });
    expect(await readRamp(TABLE, service)).toMatchObject({ asks: "ramp-1-step-2" });
    expect((await readLock(TABLE, service))?.state ?? "free").toBe("free");
  });

  it.each([
    ["a criterion fires", () => rang(), "CriterionFired"],
    ["another version is deployed", () => deployed("2.5.0"), "Replaced"],
  ])("is woken when %s", async (_, happens, error) => {
    const { run } = await begin();
    await ask(run);
    // Nobody is to be told here, and it is the row that counts.
    await asked(run, "token-of-the-question").catch(() => undefined);
    await happens();

    expect(woken).toEqual([{ taskToken: "token-of-the-question", error }]);
  });

  it("does not begin to wait when a criterion fired just before its token was kept", async () => {
    const { run } = await begin();
    await ask(run);
    await rang();

    expect(woken).toEqual([]);
    await expect(asked(run, "too-late")).rejects.toMatchObject({ name: "CriterionFired" });
  });

  it("is not let ask when something came between, or a person froze the service", async () => {
    const { run } = await begin();
    await freeze(ago(-3600));
    expect(await ask(run)).toMatchObject({ outcome: "frozen" });
    await freeze(ago(1));
    await rang();
    expect(await ask(run)).toMatchObject({ outcome: "fired" });
  });

  it("holds at the deadline, whatever the question says: it never goes on by itself", async () => {
    const { run } = await begin();
    await ask(run);
    await asked(run, "token", ago(120)).catch(() => undefined);
    const answer = (await approval(
      { verb: "settle", run: { ...run, id: `${run.id}-step-2` }, decision, changes },
      {} as Context,
    )) as unknown as ApprovalAnswer;

    expect(answer).toMatchObject({ outcome: "held", via: "deadline" });
    const row = await readRow(TABLE, approvalPartition(service), requestKey("ramp-1-step-2"));
    expect(row?.["state"]?.S).toBe("deadline");
  });

  it("is void for other changes than those that were asked about", async () => {
    const { run } = await begin();
    await ask(run);
    await asked(run, "token", ago(120)).catch(() => undefined);
    const others = { tenth: { ...changes.tenth, after: { v: "3" } } };

    await expect(
      approval(
        { verb: "settle", run: { ...run, id: `${run.id}-step-2` }, decision, changes: others },
        {} as Context,
      ),
    ).rejects.toMatchObject({ name: "ApprovalVoid" });
  });
});

describe("a dry run of a ramp", () => {
  const dry = (name: string, input: object = {}) => begin(name, { version: "2.4.1", dryRun: true, ...input });

  it("is let in beside everything, is on nothing, holds no lock, and is in the history as dry", async () => {
    const { run } = await dry("dry-1");
    await end(run, "dry-run", "dry-run");

    expect(run).toMatchObject({ dryRun: true, redeploys: "2.4.1" });
    expect(await readRamp(TABLE, service)).toBeUndefined();
    expect((await readLock(TABLE, service))?.state ?? "free").toBe("free");
    expect(await deployments(TABLE, service, 0, Date.now() + 1000)).toEqual([]);
    const [row] = await rowsOf("RUN#dry-1");
    expect([row?.["dryRun"]?.BOOL, row?.["ending"]?.S]).toEqual([true, "dry-run"]);
  });

  it("says why a ramp would be refused now, and ends nothing of one that is on", async () => {
    const { run } = await begin("ramp-1");
    await hold(run);
    const answer = await dry("dry-1", { version: "2.4.2" });
    await end(answer.run, "dry-run", "dry-run");

    expect(answer).toMatchObject({ outcome: "admitted", refused: true });
    expect(answer.reason).toContain("ramp ramp-1 of version 2.4.1 is on");
    expect(await readRamp(TABLE, service)).toMatchObject({ run: "ramp-1", state: "on" });
    expect([woken, onTheBus]).toEqual([[], []]);
    await freeze(ago(-3600));
    expect((await dry("dry-2")).reason).toContain("Ada froze");
  });
});
