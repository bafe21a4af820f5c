import { beforeAll, describe, expect, it } from "vitest";
import { NEVER } from "../../../lib/roles.ts";
import {
  actionsOf,
  ofType,
  planWith,
  type Resource,
  resourcesOf,
  type Statement,
  statementsByRole,
} from "./template.ts";

const practice = { every: "monthly", timezone: "Europe/Berlin", within: "2h" };

describe("the practice of a plan", () => {
  let resources: Record<string, Resource>;
  let roles: Map<string, Statement[]>;
  const roleNamed = (part: string) => [...roles].find(([id]) => id.includes(part))!;
  const allowed = (statements: Statement[]) => statements.filter(({ Effect }) => Effect === "Allow");

  beforeAll(async () => {
    resources = await resourcesOf(planWith({ practice }));
    roles = statementsByRole(resources);
  }, 60_000);

  it("is started by a schedule, in its window and time zone", () => {
    const [[, { Properties }]] = ofType(resources, "AWS::Scheduler::Schedule") as [[string, Resource]];
    const [machine] = ofType(resources, "AWS::StepFunctions::StateMachine").find(([id]) =>
      id.includes("PracticeMachine"),
    )!;

    expect(Properties).toMatchObject({
      Name: "llm-research-lab-practice",
      ScheduleExpression: "cron(0 9 ? * 3#1 *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 120 },
      State: "ENABLED",
      Target: { Arn: { Ref: machine } },
    });
  });

  it("knows nothing that switches, fences or overwrites", () => {
    const [, { Properties }] = ofType(resources, "AWS::StepFunctions::StateMachine").find(([id]) =>
      id.includes("PracticeMachine"),
    )!;
    const called = new Set(
      [
        ...JSON.stringify(Properties["DefinitionString"]).matchAll(/Watchdog((?:Write|Read|Check)[a-z]+)/g),
      ].map(([, name]) => name),
    );
    const [, statements] = roleNamed("PracticeRole");
    const invokes = JSON.stringify(
      allowed(statements).filter((each) => actionsOf(each).includes("lambda:InvokeFunction")),
    );

    expect([...called].toSorted()).toEqual(["Checksqlcheck", "Readrdspitr", "Writerdspitr"]);
    expect([...invokes.matchAll(/WatchdogWrite([a-z]+)/g)].map(([, kind]) => kind)).toEqual(["rdspitr"]);
  });

  it("has the one role of the product that may delete, what carries its practice's tag alone", () => {
    const deleting = [...roles].filter(([, statements]) =>
      allowed(statements)
        .flatMap(actionsOf)
        .some((action) =>
          NEVER.some((never) =>
            never.endsWith("*") ? action.startsWith(never.slice(0, -1)) : action === never,
          ),
        ),
    );

    expect(deleting.map(([id]) => id)).toEqual([expect.stringContaining("PracticeDeleteRole")]);
    const [[, statements]] = deleting as [[string, Statement[]]];
    expect(allowed(statements)).toEqual([
      {
        Effect: "Allow",
        Action: "rds:DeleteDBInstance",
        Resource: { "Fn::Join": ["", expect.arrayContaining([":db:llm-research-db-p-????????"])] },
        Condition: {
          StringEquals: { "aws:ResourceTag/watchdog:practice": "${aws:PrincipalTag/practice}" },
        },
      },
    ]);
    expect(statements.filter(({ Effect }) => Effect === "Deny")).toHaveLength(4);
  });

  it("lets the clean-up's function take that role on, with a session tag, and nobody else", () => {
    const [id] = roleNamed("PracticeDeleteRole");
    const [cleaner] = roleNamed("PracticeCleanerRole");
    const { Statement } = resources[id]!.Properties["AssumeRolePolicyDocument"] as {
      Statement: { Principal: unknown; Action: string[]; Condition: unknown }[];
    };

    for (const each of Statement) {
      expect(each.Principal).toEqual({ AWS: { "Fn::GetAtt": [cleaner, "Arn"] } });
      expect(each.Condition).toEqual({
        StringLike: { "aws:RequestTag/practice": "?*" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["practice"] },
      });
    }
    expect(Statement.flatMap(({ Action }) => Action).toSorted()).toEqual([
      "sts:AssumeRole",
      "sts:TagSession",
    ]);
    const assuming = [...roles].filter(([, statements]) =>
      allowed(statements).flatMap(actionsOf).includes("sts:AssumeRole"),
    );
    expect(assuming.map(([role]) => role)).toEqual([cleaner]);
  });

  it("is not there unless the plan asks for it, and without a schedule when a person starts it", async () => {
    const byHand = await resourcesOf(planWith({ practice: { ...practice, every: "off" } }));

    expect(ofType(byHand, "AWS::Scheduler::Schedule")).toEqual([]);
    expect(
      ofType(byHand, "AWS::StepFunctions::StateMachine")
        .map(([id]) => id)
        .join(),
    ).toContain("Practice");
    const { practice: _, ...rest } = planWith({});
    const without = await resourcesOf(rest);
    expect(Object.keys(without).filter((id) => id.includes("Practice"))).toEqual([]);
  }, 60_000);
});
