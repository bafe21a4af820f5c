import { describe, expect, it, vi } from "vitest";
import { deployments, markRolledBack, recordDeployment } from "../../../lambdas/runtime/deployments.ts";
import { runsSince } from "../../../lambdas/runtime/history.ts";
import { comeBack, waiting } from "../../../lambdas/runtime/joined.ts";
import { endLock, readLock, takeLock } from "../../../lambdas/runtime/lock.ts";
import type { RampAnswer } from "../../../lambdas/runtime/protocol.ts";
import { readRamp } from "../../../lambdas/runtime/ramp.ts";
import { TABLE } from "../table.ts";
import {
  ago,
  begin,
  byHand,
  call,
  end,
  enter,
  executionIs,
  freeze,
  hold,
  onTheBus,
  otherService,
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

describe("a ramp that begins", () => {
  it("is on, is let in again when its answer was lost, and is no rollback in the history", async () => {
    expect(await begin()).toMatchObject({ outcome: "admitted", run: { id: "ramp-1", redeploys: "2.4.1" } });
    expect(await begin()).toMatchObject({ outcome: "admitted" });

    expect(await readRamp(TABLE, service)).toMatchObject({ run: "ramp-1", state: "on", version: "2.4.1" });
    expect(await runsSince(TABLE, service, 0)).toEqual([]);
    expect((await readLock(TABLE, service))?.state ?? "free").toBe("free");
  });

  it("is refused for a version that was rolled back from, unless a person says that it is fixed", async () => {
    const deployment = { version: "2.4.0", startedAt: ago(3600) };
    await recordDeployment(TABLE, { service, ...deployment });
    await markRolledBack(TABLE, service, deployment, "errors-1");

    const refused = await begin("ramp-1", { version: "2.4.0" });
    expect(refused).toMatchObject({ outcome: "refused" });
    expect(refused.reason).toContain("run errors-1 rolled back from version 2.4.0");
    expect(await readRamp(TABLE, service)).toBeUndefined();
    expect(await begin("ramp-2", { version: "2.4.0", fixed: true })).toMatchObject({ outcome: "admitted" });
  });

  it("is refused while another is on, and let in when that one's time is over", async () => {
    await begin("ramp-1", { version: "2.4.1" }, ago(1800));
    expect((await begin("ramp-2")).reason).toContain("ramp ramp-1 of version 2.4.1 is on");

    otherService("old");
    await begin("ramp-1", { version: "2.4.1" }, ago(7200));
    expect(await begin("ramp-2")).toMatchObject({ outcome: "admitted" });
  });

  it("is refused while a run is under way, frozen, or without a version", async () => {
    expect((await begin("ramp-1", {})).reason).toContain("does not fit");
    await freeze(ago(-3600));
    expect(await begin()).toMatchObject({ outcome: "frozen", reason: expect.stringContaining("Ada") });
    await freeze(ago(1));
    await takeLock(TABLE, service, "errors-1", "running", Date.now());
    expect((await begin()).reason).toContain("run errors-1 is under way");
  });
});

describe("a step of a ramp", () => {
  it("holds the lock from its entry until it leaves, and is a deployment", async () => {
    const { run } = await begin();
    const at = ago(0);
    const entered = await enter(run, "10 %", "up", at);
    const again = await enter(run, "10 %", "up", at);

    expect(entered).toMatchObject({ outcome: "admitted", run: { generation: 1 } });
    expect(again.run.generation).toBe(1);
    expect(await readLock(TABLE, service)).toMatchObject({ runId: "ramp-1", state: "running" });
    await call({ verb: "leave", run: entered.run });
    expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });
    expect((await enter(entered.run, "25 %")).run.generation).toBe(2);
    expect(
      (await deployments(TABLE, service, Date.now() - 60_000, Date.now() + 1000)).map(
        ({ version }) => version,
      ),
    ).toEqual(["2.4.1", "2.4.1"]);
  });

  it("waits while another holds the lock for a moment", async () => {
    const { run } = await begin();
    await takeLock(TABLE, service, "dry-1", "running", Date.now());

    await expect(enter(run)).rejects.toMatchObject({ name: "ServiceUnavailable" });
  });

  it("is not let in when it is frozen, up or back", async () => {
    const { run } = await begin();
    await freeze(ago(-3600));

    expect(await enter(run)).toMatchObject({ outcome: "frozen" });
    expect(await enter(run, "10 %", "back")).toMatchObject({ outcome: "frozen" });
    expect((await readLock(TABLE, service))?.state ?? "free").toBe("free");
  });
});

describe("a criterion that fires while a ramp is on", () => {
  it("wakes the hold, is kept like one that joined a run, and fifty deliveries are one", async () => {
    const { run } = await begin();
    await hold(run);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => rang("errors", "2026-01-08T10:00:00Z")),
    );

    expect(answers[0]).toContain("the ramp ramp-1 of version 2.4.1 goes back a step from 10 %");
    expect(answers.every((answer) => answer === answers[0])).toBe(true);
    expect(new Set(woken.map(({ error }) => error))).toEqual(new Set(["CriterionFired"]));
    expect(await waiting(TABLE, service, "ramp-1")).toHaveLength(1);
    expect(await enter(run, "25 %")).toMatchObject({ outcome: "fired" });
    expect(await enter(run, "10 %", "back")).toMatchObject({ outcome: "admitted" });
  });

  it("while nothing is held, keeps the next hold from beginning", async () => {
    const { run } = await begin();
    await rang();

    expect(woken).toEqual([]);
    await expect(hold(run)).rejects.toMatchObject({ name: "CriterionFired" });
  });

  it("is not lost when the hold is over in the same moment", async () => {
    const { run } = await begin();
    await hold(run, "spent");
    expect(await rang()).toContain("goes back");

    expect(await end(run, "redeployed", "redeployed")).toMatchObject({ ended: false });
    expect(await readRamp(TABLE, service)).toMatchObject({ state: "on" });
  });

  it("is an ordinary one when the plan has it begin a rollback at once, and when no ramp is on", async () => {
    expect(await rang()).toBeUndefined();
    const { run } = await begin();
    await hold(run);

    expect(await rang("corruption")).toBeUndefined();
    expect(woken).toEqual([]);
  });

  it("goes back to the bus when the ramp has gone back, marked so that its age is no reason to drop it", async () => {
    const { run } = await begin();
    const { run: inside } = await enter(run);
    await rang();
    await end(inside, "back", "back at staging");

    expect(onTheBus).toMatchObject([
      {
        source: "watchdog.trigger",
        detail: { service, run: "ramp-1", row: expect.stringMatching(/^RUN#ramp-1#JOINED#errors-/) },
      },
    ]);
    const { row } = onTheBus[0]!.detail as { row: string };
    expect(await comeBack(TABLE, service, row, { now: Date.now(), longest: 60_000 })).toEqual({
      event: { alarm: "errors" },
      afterRamp: true,
    });
    expect(await waiting(TABLE, service, "ramp-1")).toEqual([]);
    expect(await rang()).toBeUndefined();
  });
});

describe("a ramp that ends", () => {
  it("all the way up: its version has seen its watch through", async () => {
    const { run } = await begin();
    const { run: inside } = await enter(run, "100 %");
    await call({ verb: "leave", run: inside });
    expect(await end(inside, "redeployed", "redeployed")).toMatchObject({ ended: true });
    expect(await end(inside, "redeployed", "redeployed")).toMatchObject({ ended: true });

    const [deployment] = await deployments(TABLE, service, Date.now() - 60_000, Date.now() + 1000);
    expect(deployment).toMatchObject({ version: "2.4.1", stable: true });
    expect(await readRamp(TABLE, service)).toMatchObject({ state: "over" });
  });

  it("back: its version is known to be bad from then on", async () => {
    const { run } = await begin();
    const { run: inside } = await enter(run);
    await end(inside, "back", "back at staging");

    expect((await begin("ramp-2")).reason).toContain("run ramp-1 rolled back from version 2.4.1");
    expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });
  });

  it("back from a later step: that step is still what explains an alarm which rings on", async () => {
    const { run } = await begin();
    await enter(run, "10 %", "up", ago(60));
    const { run: inside } = await enter(run, "25 %", "up", ago(5));
    await end(inside, "back", "back at 10 %");

    const answer = await byHand("errors-1");
    expect(answer.run.deployment).toMatchObject({ version: "2.4.1", takenBackBy: "ramp-1" });
    const known = await deployments(TABLE, service, Date.now() - 120_000, Date.now() + 1000);
    expect(known.map(({ rolledBackBy }) => rolledBackBy)).toEqual([undefined, undefined]);
    await endLock(TABLE, answer.run, "free", Date.now());
    expect((await begin("ramp-2")).reason).toContain("run ramp-1 rolled back from version 2.4.1");
  });

  it("because its execution was stopped: it is ended by the rule, once, and keeps no lock", async () => {
    const { run } = await begin();
    await enter(run);
    await call({ verb: "stopped", name: "ramp-1", status: "ABORTED" });
    const again = await call<RampAnswer>({ verb: "stopped", name: "ramp-1", status: "ABORTED" });

    expect(again.ended).toBe(false);
    expect(await readRamp(TABLE, service)).toMatchObject({ state: "over" });
    expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });
  });

  it("cut short in its own end: the rule finishes it, and the end that was recorded stays", async () => {
    const { run } = await begin();
    const { run: inside } = await enter(run);
    await rang();
    await end(inside, "back", "back at staging");
    await takeLock(TABLE, service, "ramp-1", "running", Date.now());
    await call({ verb: "stopped", name: "ramp-1", status: "FAILED" });

    expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });
    const [row] = await rowsOf("RUN#ramp-1");
    expect(row?.["ending"]?.S).toBe("back at staging");
  });

  it("without anybody noticing: the next alarm ends it, and is an ordinary one", async () => {
    const { run } = await begin();
    await enter(run);
    executionIs("ABORTED");

    expect(await rang()).toBeUndefined();
    expect(await readRamp(TABLE, service)).toMatchObject({ state: "over" });
    expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });
  });
});

describe("a run that begins while a ramp is on", () => {
  it("ends the ramp: its hold is woken, and its next step is not let in", async () => {
    const { run } = await begin();
    await hold(run);

    expect(await byHand("errors-1")).toMatchObject({ admitted: true });
    expect(woken).toEqual([{ taskToken: "token-1", error: "Overtaken" }]);
    expect(await enter(run, "25 %")).toMatchObject({ outcome: "overtaken", reason: "run errors-1 began" });
    await expect(hold(run)).rejects.toMatchObject({ name: "Overtaken" });
  });

  it("is asked to come again while the ramp is changing something, and the ramp ends after that", async () => {
    const { run } = await begin();
    const { run: inside } = await enter(run);
    const answer = await byHand("errors-1");

    expect(answer).toMatchObject({ admitted: false, outcome: "refused" });
    expect(answer.reason).toContain("start the run again in a few minutes");
    await call({ verb: "leave", run: inside });
    await expect(hold(inside)).rejects.toMatchObject({ name: "Overtaken" });
    expect(await byHand("errors-2")).toMatchObject({ admitted: true });
  });

  it("leaves it alone when it is a dry run", async () => {
    const { run } = await begin();
    await hold(run);

    expect(await byHand("dry-1", true)).toMatchObject({ admitted: true });
    expect(woken).toEqual([]);
    expect((await readRamp(TABLE, service))?.overtakenBy).toBeUndefined();
  });
});
