import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Criterion } from "../../../lambdas/runtime/protocol.ts";
import { type AlarmReading, type DecisionInputs, decide } from "../../../lib/plan/decide.ts";

const NOW = "2026-01-08T10:30:00Z";

const criterion = (id: string, change: Partial<Criterion> = {}): Criterion => ({
  id,
  alarm: `shop-${id}`,
  threshold: "> 10",
  forSeconds: 120,
  periodSeconds: 60,
  missing: "breaching",
  decision: "rollback",
  level: "full",
  ...change,
});

const reading = (
  id: string,
  state: AlarmReading["state"],
  change: Partial<AlarmReading> = {},
): AlarmReading => ({
  alarm: `shop-${id}`,
  state,
  since: "2026-01-08T10:28:00Z",
  reason: "Threshold Crossed",
  windowSeconds: 120,
  ...change,
});

const inputs = (change: Partial<DecisionInputs> = {}): DecisionInputs => ({
  criteria: [criterion("errors"), criterion("latency", { decision: "notify" })],
  alarms: [reading("errors", "ALARM"), reading("latency", "OK")],
  trigger: {
    type: "alarm",
    criterion: "errors",
    alarmName: "shop-errors",
    alarmArn: "arn",
    since: NOW,
    reason: "",
  },
  deployment: { version: "1.3.0", startedAt: "2026-01-08T10:20:00Z" },
  deploymentWindowSeconds: 86_400,
  now: NOW,
  ...change,
});

const ORDER = ["rollback", "approve", "notify", "ignore"] as const;

const anyInputs: fc.Arbitrary<DecisionInputs> = fc
  .array(
    fc.record({
      decision: fc.constantFrom(...ORDER),
      state: fc.constantFrom<AlarmReading["state"] | "unread">("OK", "ALARM", "INSUFFICIENT_DATA", "unread"),
      windowSeconds: fc.constantFrom(undefined, 60, 120, 300),
      forSeconds: fc.constantFrom(120, 300),
    }),
    { maxLength: 6 },
  )
  .chain((rows) =>
    fc.record({ age: fc.option(fc.integer({ min: -100, max: 200_000 })) }).map(({ age }) =>
      inputs({
        criteria: rows.map((row, index) =>
          criterion(`c${index}`, { decision: row.decision, forSeconds: row.forSeconds }),
        ),
        alarms: rows.flatMap((row, index) =>
          row.state === "unread"
            ? []
            : [reading(`c${index}`, row.state, { windowSeconds: row.windowSeconds })],
        ),
        deployment:
          age === null
            ? undefined
            : { version: "v", startedAt: new Date(Date.parse(NOW) - age * 1000).toISOString() },
      }),
    ),
  );

/** Whether a criterion's alarm stood in ALARM for the whole window; written apart from the code under test. */
const strong = ({ alarms }: DecisionInputs, { alarm, forSeconds }: Criterion) =>
  alarms.some(
    (each) => each.alarm === alarm && each.state === "ALARM" && !(each.windowSeconds! < forSeconds),
  );

describe("a decision", () => {
  it("follows the criterion that holds, and says which rule, on what, after which deployment", () => {
    const decision = decide(inputs());

    expect(decision).toMatchObject({ decision: "rollback", level: "full", rule: "errors" });
    expect(decision.because).toMatch(
      /errors: > 10 for 120 s, in ALARM since 2026-01-08T10:28:00Z; deployment 1\.3\.0/,
    );
  });

  it("takes the first that holds in the plan's order, not the one that started the run", () => {
    const found = decide(
      inputs({
        criteria: [criterion("latency", { decision: "notify" }), criterion("errors")],
        alarms: [reading("errors", "ALARM"), reading("latency", "ALARM")],
      }),
    );

    expect(found).toMatchObject({ decision: "notify", rule: "latency" });
  });

  it("on an alarm that is OK by now (a blip) is to do nothing", () => {
    expect(decide(inputs({ alarms: [reading("errors", "OK")] }))).toMatchObject({
      decision: "ignore",
      rule: "none",
    });
  });

  it("on the alarm that rang without data by now is unknown: nothing is restored, a person is called", () => {
    expect(decide(inputs({ alarms: [reading("errors", "INSUFFICIENT_DATA")] }))).toMatchObject({
      decision: "unknown",
      rule: "errors",
      because: expect.stringContaining("INSUFFICIENT_DATA since 2026-01-08T10:28:00Z"),
    });
  });

  it("on alarms that could not be read is unknown, and says so", () => {
    expect(decide(inputs({ alarms: [] }))).toMatchObject({
      decision: "unknown",
      because: expect.stringContaining("errors could not be read"),
    });
  });

  it("does not count an alarm that somebody gave a shorter window than the plan's", () => {
    const found = decide(inputs({ alarms: [reading("errors", "ALARM", { windowSeconds: 60 })] }));

    expect(found).toMatchObject({
      decision: "unknown",
      because: expect.stringContaining("the plan asks for 120 s"),
    });
  });

  it.each([
    ["none is recorded", undefined],
    ["the last one is two days old", { version: "1.2.0", startedAt: "2026-01-06T10:20:00Z" }],
    ["the last one lies in the future", { version: "1.4.0", startedAt: "2026-01-08T11:00:00Z" }],
    ["its time cannot be read", { version: "1.4.0", startedAt: "yesterday" }],
    ["it began after the alarm rang", { version: "1.4.0", startedAt: "2026-01-08T10:29:00Z" }],
    [
      "a run rolled back from it already",
      { version: "1.4.0", startedAt: "2026-01-08T10:20:00Z", rolledBackBy: "errors-1" },
    ],
  ])("without a deployment that explains it is to tell people: %s", (_, deployment) => {
    expect(decide(inputs({ deployment }))).toMatchObject({
      decision: "notify",
      rule: "errors",
      because: expect.stringContaining("look elsewhere"),
    });
  });

  it("acts without a deployment where the plan says so, and says that there is none", () => {
    const found = decide(
      inputs({ criteria: [criterion("errors", { actsWithoutDeployment: true })], deployment: undefined }),
    );

    expect(found).toMatchObject({
      decision: "rollback",
      because: expect.stringContaining("no deployment is recorded"),
    });
  });

  it("on an event is the criterion that waited for it, not another one's", () => {
    const event = { threshold: 'event "Rollback Requested"', forSeconds: 0 };
    const { alarm: _, ...requested } = criterion("requested", event);
    const { alarm: __, ...finding } = criterion("finding", event);
    const found = decide(
      inputs({
        criteria: [finding, requested, criterion("errors", { decision: "notify" })],
        trigger: {
          type: "event",
          criterion: "requested",
          source: "shop.pipeline",
          detailType: "Rollback Requested",
          at: "2026-01-08T10:29:30Z",
          reason: "data corruption detected",
        },
      }),
    );

    expect(found).toMatchObject({
      decision: "rollback",
      rule: "requested",
      because: expect.stringContaining("data corruption detected"),
    });
  });

  it.each([
    ["SEV-1", "rollback", undefined],
    ["SEV-2", "rollback", undefined],
    ["SEV-3", "approve", 900],
    [undefined, "rollback", undefined],
  ] as const)("with a hotfix window and %s is %s", (severity, decision, hotfixSeconds) => {
    const found = decide(
      inputs({ criteria: [criterion("errors", severity ? { severity } : {})], hotfixSeconds: 900 }),
    );

    expect(found.decision).toBe(decision);
    expect(found.hotfixSeconds).toBe(hotfixSeconds);
  });

  it.each([
    ["that takes the data back", true, ["full"], "rollback"],
    ["that leaves the data as it is", true, ["data"], "approve"],
    ["that leaves the data, of a release without one", false, [], "rollback"],
  ] as const)("over a migration, at a level %s", (_, migration, migrationSafeLevels, decision) => {
    const found = decide(
      inputs({
        deployment: { version: "1.3.0", startedAt: "2026-01-08T10:20:00Z", migration },
        migrationSafeLevels: [...migrationSafeLevels],
      }),
    );

    expect(found.decision).toBe(decision);
  });

  it("of a person is taken at its word, at a level the plan has", () => {
    const manual = (level?: string) =>
      decide(
        inputs({
          trigger: { type: "manual", by: "ada", level },
          deployment: undefined,
          alarms: [],
          levels: ["full", "flag"],
        }),
      );

    expect(manual()).toMatchObject({ decision: "rollback", level: "full", rule: "manual" });
    expect(manual("flag")).toMatchObject({ decision: "rollback", level: "flag" });
    expect(manual("ful")).toMatchObject({
      decision: "notify",
      because: expect.stringContaining("full, flag"),
    });
  });

  it("is the same when its own recorded inputs are decided on again, and changes nothing it was given", () => {
    fc.assert(
      fc.property(anyInputs, (given) => {
        const before = structuredClone(given);
        const first = decide(given);
        expect(given).toEqual(before);
        expect(decide(JSON.parse(JSON.stringify(first.inputs)) as DecisionInputs)).toEqual(
          JSON.parse(JSON.stringify(first)),
        );
      }),
    );
  });

  it("never acts on weak evidence", () => {
    fc.assert(
      fc.property(anyInputs, (given) => {
        const { decision, rule } = decide(given);
        if (decision !== "rollback" && decision !== "approve") return;
        const followed = given.criteria.find(({ id }) => id === rule)!;
        expect(strong(given, followed)).toBe(true);
        expect(followed.decision).toBe(decision);
        const age = Date.parse(NOW) - Date.parse(given.deployment!.startedAt);
        expect(age).toBeGreaterThanOrEqual(0);
        expect(age).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });

  it("does not depend on what stands after the criterion that decided, nor on the order of the readings", () => {
    fc.assert(
      fc.property(anyInputs, fc.integer(), (given, seed) => {
        const { decision, rule } = decide(given);
        const at = given.criteria.findIndex(({ id }) => id === rule);
        const cut = at < 0 ? given.criteria : given.criteria.slice(0, at + 1);
        const shuffled = given.alarms.toSorted(
          (left, right) => ((left.alarm.length * seed) % 7) - ((right.alarm.length * seed) % 5),
        );
        expect(decide({ ...given, criteria: cut, alarms: shuffled.toReversed() })).toMatchObject({
          decision,
          rule,
        });
      }),
    );
  });
});
