import { describe, expect, it } from "vitest";
import { judge } from "../../../lambdas/preflight/judge.ts";
import { timeOf } from "../../../lambdas/preflight/past.ts";
import { questionOf } from "../../../lambdas/preflight/samples.ts";
import { changed } from "../../../lambdas/preflight/state.ts";
import type { ExpectedPermission, RehearsalJudgeEvent } from "../../../lambdas/runtime/protocol.ts";

const expected = (of: string): ExpectedPermission => ({
  of,
  as: "write",
  roleArn: "arn:aws:iam::123456789012:role/writer",
  actions: ["rds:ModifyDBInstance"],
  resources: ["arn:aws:rds:eu-west-1:123456789012:db:shop-r-*"],
});
const event = (change: Partial<RehearsalJudgeEvent> = {}): RehearsalJudgeEvent => ({
  verb: "judge",
  run: {
    id: "r",
    service: "shop",
    startedAt: "2026-01-08T10:00:00Z",
    generation: -1,
    dryRun: true,
    reason: "rehearsal",
    trigger: { type: "manual", by: "rehearsal" },
    plan: "hash",
  },
  assumed: [],
  steps: [{ step: "restore", kind: "rds-pitr", stage: "data", summary: "shop → shop-r-1" }],
  expected: [expected("restore")],
  ...change,
});
const allowed = new Map([["restore", { permitted: 1, of: 1, denied: [], calls: [] }]]);
const NOW = Date.UTC(2026, 0, 8, 10);
const NONE_BEFORE = { runs: 0, medianSeconds: null };

describe("judging a rehearsal", () => {
  it("a plan whose every step is resolved and permitted could be carried out", () => {
    expect(judge(event(), allowed, [], NONE_BEFORE, NOW)).toMatchObject({ executable: true, problems: [] });
  });

  it("one denied action, one unresolved step or one trouble of the whole plan is enough against it", () => {
    const denied = new Map([["restore", { permitted: 0, of: 1, denied: ["write: no"], calls: [] }]]);
    const unresolved = [
      {
        step: "restore",
        kind: "rds-pitr",
        stage: "data",
        problem: { error: "Refusal", cause: '{"errorMessage":"too old"}' },
      },
    ];

    expect(judge(event(), denied, [], NONE_BEFORE, NOW).executable).toBe(false);
    expect(judge(event({ steps: unresolved }), allowed, [], NONE_BEFORE, NOW)).toMatchObject({
      executable: false,
      steps: [{ problems: ["Refusal: too old"] }],
    });
    expect(judge(event(), allowed, ["the lock is kept"], NONE_BEFORE, NOW).executable).toBe(false);
  });

  it("a rehearsal of no step at all is no success", () => {
    expect(judge(event({ steps: [], expected: [] }), new Map(), [], NONE_BEFORE, NOW)).toMatchObject({
      executable: false,
      problems: ["no step was rehearsed"],
    });
  });

  it("a denied permission of a check counts like a step's", () => {
    const both = new Map([...allowed, ["health", { permitted: 0, of: 1, denied: ["check: no"], calls: [] }]]);

    const report = judge(
      event({ expected: [expected("restore"), expected("health")] }),
      both,
      [],
      NONE_BEFORE,
      NOW,
    );

    expect(report.executable).toBe(false);
    expect(report.steps.map(({ id, kind }) => [id, kind])).toEqual([
      ["restore", "rds-pitr"],
      ["health", "check"],
    ]);
  });
});

describe("how long earlier rollbacks took", () => {
  it("is the median of those that rolled back and ended", () => {
    const run = (minutes: number | undefined, ending = "rolled back") => ({
      startedAt: "2026-01-08T09:00:00Z",
      endedAt: minutes === undefined ? undefined : new Date(Date.UTC(2026, 0, 8, 9, minutes)).toISOString(),
      ending,
    });

    expect(timeOf([])).toEqual(NONE_BEFORE);
    expect(timeOf([run(undefined), run(50, "taken back"), run(1, "refused")])).toEqual(NONE_BEFORE);
    expect(timeOf([run(9), run(5), run(undefined), run(40), run(99, "reverted")])).toEqual({
      runs: 3,
      medianSeconds: 540,
    });
  });
});

describe("what people hear of it", () => {
  const report = (executable: boolean) => judge(event(), allowed, executable ? [] : ["x"], NONE_BEFORE, NOW);
  const was = (executable: boolean) => ({ executable, since: "2026-01-08T09:00:00Z" });

  it("is each change, and nothing in between", () => {
    expect(changed(undefined, report(true))).toBe(false);
    expect(changed(undefined, report(false))).toBe(true);
    expect(changed(was(false), report(false))).toBe(false);
    expect(changed(was(false), report(true))).toBe(true);
    expect(changed(was(true), report(false))).toBe(true);
  });
});

describe("what IAM is asked", () => {
  it("names a resource that the pattern fits, and gives the request what its conditions look at", () => {
    const question = questionOf({
      ...expected("restore"),
      resources: [
        "arn:aws:rds:eu-west-1:1:db:shop-r-*",
        "*",
        "arn:aws:secretsmanager:eu-west-1:1:secret:key-??????",
      ],
      conditions: {
        StringEquals: { "secretsmanager:VersionStage": "AWSCURRENT" },
        "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsActions": ["UPS*"] },
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    });

    expect(question.resources).toEqual([
      "arn:aws:rds:eu-west-1:1:db:shop-r-0",
      "*",
      "arn:aws:secretsmanager:eu-west-1:1:secret:key-000000",
    ]);
    expect(question.context).toEqual([
      { key: "secretsmanager:VersionStage", values: ["AWSCURRENT"] },
      { key: "route53:ChangeResourceRecordSetsActions", values: ["UPS0"] },
    ]);
  });
});
