import { beforeAll, describe, expect, it } from "vitest";
import { NEVER } from "../../../lib/roles.ts";
import {
  actionsOf,
  ofType,
  type Resource,
  researchLab,
  resourcesOf,
  type Statement,
  statementsByRole,
} from "./template.ts";

/** Actions that know no resources (Service Authorization Reference), and so may stand on `*`. */
const RESOURCELESS = new Set([
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  "cloudwatch:PutMetricData",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "route53:TestDNSAnswer",
  "states:SendTaskFailure",
  "states:SendTaskSuccess",
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
]);

/** Verbs that change nothing at AWS, and what every function does: write its own log and traces. */
const READS =
  /^[a-z0-9-]+:(Describe|Get|List|Query|BatchGet)|^route53:TestDNSAnswer$|^logs:(CreateLogStream|PutLogEvents)$|^xray:Put/;

let resources: Record<string, Resource>;
let roles: Map<string, Statement[]>;
const roleNamed = (part: string) => [...roles].find(([id]) => id.includes(part))![1];
const allowed = (statements: Statement[]) => statements.filter(({ Effect }) => Effect === "Allow");

beforeAll(async () => {
  resources = await resourcesOf();
  roles = statementsByRole(resources);
});

describe("roles of a plan", () => {
  it("are twenty at the most", () => {
    expect(roles.size).toBeGreaterThan(5);
    expect(roles.size).toBeLessThanOrEqual(20);
  });

  it("allow on every resource only what knows no resources", () => {
    const broad = [...roles].flatMap(([id, statements]) =>
      allowed(statements)
        .filter(({ Resource }) => [Resource].flat().includes("*"))
        .flatMap(actionsOf)
        .filter((action) => !RESOURCELESS.has(action))
        .map((action) => `${id}: ${action} on *`),
    );

    expect(broad).toEqual([]);
  });

  it("are taken on by a service for something of this account alone", () => {
    const trusting = ofType(resources, "AWS::IAM::Role").flatMap(([id, { Properties }]) =>
      (
        Properties["AssumeRolePolicyDocument"] as {
          Statement: { Principal: { Service?: string | string[] }; Condition?: object }[];
        }
      ).Statement.filter(({ Principal: { Service } }) => Service && Service !== "lambda.amazonaws.com").map(
        ({ Principal, Condition }) => ({ id, service: Principal.Service, Condition }),
      ),
    );

    expect(new Set(trusting.flatMap(({ service }) => service))).toEqual(
      new Set(["states.amazonaws.com", "events.amazonaws.com", "scheduler.amazonaws.com"]),
    );
    for (const { Condition } of trusting)
      expect(Condition).toEqual({ StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } });
  });

  it("reach one partition of the table each, so that what keeps the lock can answer no approval", () => {
    const onTable = [...roles].flatMap(([id, statements]) =>
      allowed(statements)
        .filter((statement) => actionsOf(statement).some((action) => action.startsWith("dynamodb:")))
        .map(({ Condition }) => ({
          id,
          keys: Condition?.["ForAllValues:StringEquals"]?.["dynamodb:LeadingKeys"] as string[] | undefined,
        })),
    );

    expect(onTable.length).toBeGreaterThan(5);
    for (const { id, keys = ["every partition"] } of onTable)
      for (const key of keys)
        expect(`${id} ${key}`).toMatch(
          /^\S*Approval\S* (approval|service)#llm-research-lab$|^(?!\S*Approval)\S+ (service|tell)#llm-research-lab$/,
        );
  });

  it("allow no action by wildcard", () => {
    const wild = [...roles].flatMap(([id, statements]) =>
      allowed(statements)
        .flatMap(actionsOf)
        .filter((action) => action.includes("*"))
        .map((action) => `${id}: ${action}`),
    );

    expect(wild).toEqual([]);
  });

  it("deny every delete on everything, each role of a function", () => {
    const functionRoles = ofType(resources, "AWS::IAM::Role").filter(([, { Properties }]) =>
      JSON.stringify(Properties["AssumeRolePolicyDocument"]).includes("lambda.amazonaws.com"),
    );

    expect(functionRoles.length).toBeGreaterThan(5);
    for (const [id] of functionRoles) {
      const denied = roles
        .get(id)!
        .filter(({ Effect, Resource, Condition }) => Effect === "Deny" && Resource === "*" && !Condition)
        .flatMap(actionsOf);
      expect(denied, id).toEqual(expect.arrayContaining(NEVER));
    }
  });

  it("never allow what they deny, but the one that deletes what a practice made (practice.test.ts)", () => {
    for (const [id, statements] of roles)
      if (!id.includes("PracticeDeleteRole"))
        for (const action of allowed(statements).flatMap(actionsOf))
          expect(
            NEVER.some((never) =>
              never.endsWith("*") ? action.startsWith(never.slice(0, -1)) : action === never,
            ),
            `${id} is allowed ${action}`,
          ).toBe(false);
  });

  it("let the reader read and write its own log, and nothing else", () => {
    const actions = allowed(roleNamed("ReaderRole")).flatMap(actionsOf);

    expect(actions.length).toBeGreaterThan(5);
    expect(actions.filter((action) => !READS.test(action))).toEqual([]);
  });

  it("give each kind of action a role for writing of its own", () => {
    const kinds = new Set(researchLab().stages.flatMap((stage) => stage.steps.map((step) => step.action)));

    expect([...roles.keys()].filter((id) => id.startsWith("WatchdogWriter"))).toHaveLength(kinds.size);
  });

  it("give a writer nothing that another kind needs for writing", () => {
    const writesOf = (part: string) =>
      allowed(roleNamed(part))
        .flatMap(actionsOf)
        .filter((action) => !READS.test(action));

    expect(writesOf("Writersecretversion")).toEqual(["secretsmanager:UpdateSecretVersionStage"]);
    expect(writesOf("Writerdnsfailover")).toEqual(["route53:ChangeResourceRecordSets"]);
    expect(writesOf("Writerrdssnapshot").toSorted()).toEqual([
      "rds:AddTagsToResource",
      "rds:CreateDBSnapshot",
    ]);
  });

  it("let writers read the lock's partition of the table and no other", () => {
    for (const [id, statements] of roles) {
      if (!id.startsWith("WatchdogWriter")) continue;
      const onTable = allowed(statements).filter((each) =>
        actionsOf(each).some((action) => action.startsWith("dynamodb:")),
      );

      expect(onTable, id).toHaveLength(1);
      expect(onTable[0], id).toMatchObject({
        Action: "dynamodb:GetItem",
        Condition: {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["service#llm-research-lab"] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      });
    }
  });

  it("let the trigger start runs, a run the ladder, the report the reminders, the schedule its rehearsal, and nobody anything else", () => {
    const machine = (part: string) => ({
      Ref: ofType(resources, "AWS::StepFunctions::StateMachine").find(([id]) => id.includes(part))![0],
    });
    const starters = [...roles].flatMap(([id, statements]) =>
      allowed(statements)
        .filter((each) => actionsOf(each).includes("states:StartExecution"))
        .map(({ Resource }) => [id.replace(/^Watchdog|[0-9A-F]{8}$/g, ""), Resource]),
    );

    expect(Object.fromEntries(starters)).toEqual({
      TriggerRole: machine("Rollback"),
      PracticeRole: { "Fn::Join": ["", expect.arrayContaining([":stateMachine:llm-research-lab-practice"])] },
      StateMachineRole: machine("Escalation"),
      ReportRole: machine("FollowUps"),
      // By their names: a rule starts a ladder when a run ends in the middle, another one the rehearsal.
      AttendantRole: ["escalation", "preflight"].map((name) => ({
        "Fn::Join": ["", expect.arrayContaining([`:stateMachine:llm-research-lab-${name}`])],
      })),
    });
  });

  it("let what tells people write its own memory only, and send as the watchdog only", () => {
    const statements = allowed(roleNamed("AnnounceRole"));
    const writing = statements.filter((each) => actionsOf(each).includes("dynamodb:PutItem"));
    expect(writing).toHaveLength(1);
    expect(writing[0]!.Condition).toEqual({
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["tell#llm-research-lab"] },
      Null: { "dynamodb:LeadingKeys": "false" },
    });
    const putting = statements.filter((each) => actionsOf(each).includes("events:PutEvents"));
    expect(putting.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { "events:source": "rollback-watchdog" } },
    ]);
  });

  it("let what attends a rollback call nothing that applies, and what observes it change nothing of the service's", () => {
    const calls = allowed(roleNamed("AttendantRole")).filter((each) =>
      actionsOf(each).includes("lambda:InvokeFunction"),
    );
    expect(calls.length).toBeGreaterThan(0);
    expect(JSON.stringify(calls)).not.toMatch(/WatchdogWrite(?!r)[a-z]/);
    const observes = allowed(roleNamed("ObserverRole"))
      .flatMap(actionsOf)
      .filter((action) => !READS.test(action));
    expect(observes.toSorted()).toEqual([
      "cloudwatch:PutMetricData",
      "dynamodb:PutItem",
      "iam:SimulatePrincipalPolicy",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "sns:Publish",
    ]);
  });

  it("are assumed by Lambda, Step Functions and a schedule only, and one by the clean-up of a practice", () => {
    const own = ofType(resources, "AWS::IAM::Role").filter(([id]) => !id.includes("PracticeDeleteRole"));
    const principals = own.flatMap(([, { Properties }]) =>
      (
        Properties["AssumeRolePolicyDocument"] as { Statement: { Principal: { Service: string } }[] }
      ).Statement.flatMap(({ Principal }) => Principal.Service),
    );

    expect(new Set(principals)).toEqual(
      new Set([
        "lambda.amazonaws.com",
        "states.amazonaws.com",
        "events.amazonaws.com",
        "scheduler.amazonaws.com",
      ]),
    );
  });
});

describe("functions in a VPC", () => {
  it("may have network interfaces, and their code may not touch any", async () => {
    const vpc = { id: "vpc-0a1b2c3d", subnets: ["subnet-0a1b2c3d"], securityGroups: ["sg-0a1b2c3d"] };
    const inVpc = await resourcesOf({ ...researchLab(), vpc });
    const statements = [...statementsByRole(inVpc)].find(([id]) => id.includes("Writerdnsfailover"))![1];
    const about = statements.filter((each) => actionsOf(each).includes("ec2:CreateNetworkInterface"));

    expect(about.map(({ Effect, Condition }) => [Effect, Object.keys(Condition ?? {})])).toEqual([
      ["Allow", []],
      ["Deny", ["ArnLike"]],
    ]);
    const functions = ofType(inVpc, "AWS::Lambda::Function").filter(
      ([, { Properties }]) => Properties["VpcConfig"],
    );
    expect(functions.length).toBeGreaterThan(0);
    expect(functions[0]![1].Properties["VpcConfig"]).toEqual({
      SecurityGroupIds: ["sg-0a1b2c3d"],
      SubnetIds: ["subnet-0a1b2c3d"],
    });
  });
});
