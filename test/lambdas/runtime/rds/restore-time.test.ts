import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunContext } from "../../../../lambdas/runtime/protocol.ts";
import { checkWindow, resolveRestoreTime } from "../../../../lambdas/runtime/rds/restore-time.ts";

const run: RunContext = {
  id: "run-1",
  service: "lab",
  startedAt: "2026-01-08T10:40:00.000Z",
  generation: 1,
  dryRun: false,
  reason: "a test",
  trigger: {
    type: "alarm",
    criterion: "errors",
    alarmName: "lab-errors",
    alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:lab-errors",
    since: "2026-01-08T10:38:00.000Z",
    reason: "2 datapoints",
  },
  deployment: { version: "1.3.0", startedAt: "2026-01-08T10:30:00.000Z" },
  plan: "0123456789abcdef",
};
const { deployment: _, ...undeployed } = run;
const manual: RunContext = { ...run, trigger: { type: "manual", by: "Ada" } };
const LATEST = new Date("2026-01-08T10:36:00Z");

describe("the moment to restore to", () => {
  it("is the deployment's beginning less the margin, with the deployment as evidence", () => {
    expect(resolveRestoreTime("before-deployment", "30s", run, LATEST)).toEqual({
      at: new Date("2026-01-08T10:29:30.000Z"),
      evidence: ["deployment 1.3.0 began at 2026-01-08T10:30:00.000Z; restored to 30s before it"],
    });
  });

  it("is the alarm's beginning less the margin", () => {
    expect(resolveRestoreTime("before-alarm", "5m", run, LATEST).at).toEqual(
      new Date("2026-01-08T10:33:00.000Z"),
    );
  });

  it("is the named time as it is, and the latest only when the plan says latest", () => {
    expect(resolveRestoreTime("2026-01-08T09:00:00Z", "30s", run, LATEST).at).toEqual(
      new Date("2026-01-08T09:00:00Z"),
    );
    expect(resolveRestoreTime("latest", "30s", run, LATEST).at).toBe(LATEST);
  });

  it.each([
    ["no deployment is recorded", "before-deployment", undeployed, LATEST],
    ["no alarm started the run", "before-alarm", manual, LATEST],
    ["RDS names no latest time", "latest", run, undefined],
    [
      "the deployment's time cannot be read",
      "before-deployment",
      { ...run, deployment: { version: "1.3.0", startedAt: "yesterday" } },
      LATEST,
    ],
    ["the named time is none", "soon", run, LATEST],
  ])("is refused when %s: never another moment in its place", (_case, to, given, latest) => {
    expect(() => resolveRestoreTime(to, "30s", given, latest)).toThrow(
      expect.objectContaining({
        name: "Refusal",
        message: expect.stringContaining("Nothing was changed"),
      }),
    );
  });

  it("always lies before what it is derived from", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999 }),
        fc.constantFrom("s", "m", "h"),
        fc.constantFrom("before-deployment", "before-alarm"),
        (amount, unit, to) => {
          const { at } = resolveRestoreTime(to, `${amount}${unit}`, run, LATEST);
          const from = to === "before-alarm" ? "2026-01-08T10:38:00.000Z" : run.deployment!.startedAt;
          const seconds = { s: 1, m: 60, h: 3600 }[unit]! * amount;
          expect(Date.parse(from) - at.getTime()).toBe(seconds * 1000);
        },
      ),
    );
  });
});

describe("the window", () => {
  const earliest = new Date("2026-01-08T10:00:00Z");
  const now = Date.parse("2026-01-08T10:40:00Z");
  const check = (at: string) => checkWindow("orders", new Date(at), earliest, LATEST, now);

  it("takes a time in it, its ends, and one that RDS has not reached yet but that has passed", () => {
    for (const at of ["10:00:00Z", "10:20:00Z", "10:36:00Z", "10:39:59Z", "10:40:00Z"])
      expect(() => check(`2026-01-08T${at}`)).not.toThrow();
  });

  it.each(["2026-01-08T09:59:59.999Z", "2026-01-08T10:40:00.001Z"])(
    "refuses %s and says what RDS holds, that nothing was changed, and what to choose",
    (at) => {
      expect(() => check(at)).toThrow(
        expect.objectContaining({
          name: "RestoreTimeOutOfRange",
          message: expect.stringMatching(
            /^orders cannot be restored to .*2026-01-08T10:00:00.000Z to 2026-01-08T10:36:00.000Z.*Nothing was changed\. Choose a time/,
          ),
        }),
      );
    },
  );

  it("refuses every time of an instance without a restorable one", () => {
    for (const window of [
      [undefined, undefined],
      [earliest, undefined],
      [undefined, LATEST],
    ] as const)
      expect(() => checkWindow("orders", LATEST, window[0], window[1], now)).toThrow(/no restorable time/);
  });

  it("never lets a time through that lies before the earliest or in the future", () => {
    const minutes = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(minutes, (offset) => {
        const at = new Date(now + offset * 60_000);
        const refused = at < earliest || at.getTime() > now;
        const act = () => checkWindow("orders", at, earliest, LATEST, now);
        if (refused) expect(act).toThrow();
        else expect(act).not.toThrow();
      }),
    );
  });
});
