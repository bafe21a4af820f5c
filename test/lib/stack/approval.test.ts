import { Aspects } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { beforeAll, describe, expect, it } from "vitest";
import { planHash } from "../../../lib/plan/load.ts";
import { NEVER } from "../../../lib/roles.ts";
import {
  actionsOf,
  ofType,
  planWith,
  type Resource,
  resourcesOf,
  type Statement,
  stackOf,
  statementsByRole,
} from "./template.ts";

const plan = planWith({
  approval: { approvers: ["lead@shop.example", "oncall@shop.example"], deadline: "1h", fourEyes: false },
});

let resources: Record<string, Resource>;
let roles: Map<string, Statement[]>;
const roleNamed = (part: string) => [...roles].find(([id]) => id.includes(part))![1];
const allowed = (statements: Statement[]) =>
  statements.filter(({ Effect, Action }) => Effect === "Allow" && !/^(xray|logs):/.test([Action].flat()[0]!));

beforeAll(async () => {
  resources = await resourcesOf(plan);
  roles = statementsByRole(resources);
}, 60_000);

describe("a plan that names approvers", () => {
  it("sends each approver his own mails alone, on a topic that nobody else hears", () => {
    const topics = ofType(resources, "AWS::SNS::Topic").filter(([id]) => id.includes("Approvals"));
    expect(topics).toHaveLength(1);
    const subscriptions = ofType(resources, "AWS::SNS::Subscription")
      .map(([, { Properties }]) => Properties)
      .filter(({ TopicArn }) => (TopicArn as { Ref: string }).Ref === topics[0]![0]);

    expect(subscriptions.map(({ Endpoint, FilterPolicy }) => [Endpoint, FilterPolicy])).toEqual([
      ["lead@shop.example", { approver: ["lead@shop.example"] }],
      ["oncall@shop.example", { approver: ["oncall@shop.example"] }],
    ]);
    expect(topics[0]![1].Properties["KmsMasterKeyId"]).toBeDefined();
  });

  it("opens one page to everybody, with few invocations at once, and tells it which plan is deployed", () => {
    const urls = ofType(resources, "AWS::Lambda::Url");
    expect(urls.map(([, { Properties }]) => Properties["AuthType"])).toEqual(["NONE"]);
    const [id, page] = ofType(resources, "AWS::Lambda::Function").find(([name]) =>
      name.includes("ApprovalPage"),
    )!;
    const open = ofType(resources, "AWS::Lambda::Permission")
      .map(([, { Properties }]) => Properties)
      .filter(({ Principal }) => Principal === "*");

    expect(page.Properties["ReservedConcurrentExecutions"]).toBe(5);
    expect(page.Properties["Environment"]).toMatchObject({ Variables: { PLAN_HASH: planHash(plan) } });
    expect(JSON.stringify(open.map(({ FunctionName }) => FunctionName))).toBe(
      JSON.stringify([0, 1].map(() => ({ "Fn::GetAtt": [id, "Arn"] }))),
    );
    expect(
      open
        .map(({ Action, FunctionUrlAuthType, InvokedViaFunctionUrl }) => [
          Action,
          FunctionUrlAuthType ?? InvokedViaFunctionUrl,
        ])
        .toSorted(),
    ).toEqual([
      ["lambda:InvokeFunction", true],
      ["lambda:InvokeFunctionUrl", "NONE"],
    ]);
  });

  it("lets the page read and answer approvals and wake their runs, and nothing else", () => {
    const statements = allowed(roleNamed("ApprovalPageRole"));

    const own = statements.flatMap(actionsOf).filter((action) => !action.startsWith("xray:"));
    expect(own.toSorted()).toEqual(["dynamodb:GetItem", "dynamodb:UpdateItem", "states:SendTaskSuccess"]);
    const rows = statements.find((each) => actionsOf(each).includes("dynamodb:GetItem"))!;
    expect(rows.Condition).toEqual({
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["approval#llm-research-lab"] },
      Null: { "dynamodb:LeadingKeys": "false" },
    });
  });

  it("lets who asks write approvals and publish to the approvers, and only read lock and freeze", () => {
    const statements = allowed(roleNamed("ApprovalRole"));
    const keysOf = (action: string) =>
      statements
        .filter((each) => actionsOf(each).includes(action))
        .flatMap(({ Condition }) => Condition?.["ForAllValues:StringEquals"]?.["dynamodb:LeadingKeys"]);

    expect(keysOf("dynamodb:PutItem")).toEqual(["approval#llm-research-lab"]);
    expect(keysOf("dynamodb:UpdateItem")).toEqual(["approval#llm-research-lab"]);
    expect(keysOf("dynamodb:GetItem").toSorted()).toEqual([
      "approval#llm-research-lab",
      "service#llm-research-lab",
    ]);
    expect(statements.flatMap(actionsOf)).not.toContain("states:SendTaskSuccess");
    for (const part of ["ApprovalRole", "ApprovalPageRole"])
      expect(
        roleNamed(part)
          .filter(({ Effect }) => Effect === "Deny")
          .flatMap(actionsOf),
      ).toEqual(NEVER);
  });

  it("stays within twenty roles, and has no finding of cdk-nag without a written reason", async () => {
    expect(roles.size).toBeLessThanOrEqual(20);
    const stack = await stackOf(plan);
    Aspects.of(stack).add(new AwsSolutionsChecks());
    const any = Match.stringLikeRegexp("[\\s\\S]*");
    const annotations = Annotations.fromStack(stack);

    expect(
      [...annotations.findError("*", any), ...annotations.findWarning("*", any)].map(
        ({ entry }) => entry.data,
      ),
    ).toEqual([]);
  }, 60_000);

  it("is the only one with a page", async () => {
    const silent = planWith({ approval: undefined, deployments: { ...plan.deployments, hotfix: undefined } });
    for (const trigger of silent.triggers) if (trigger.decision === "approve") trigger.decision = "notify";

    expect(ofType(await resourcesOf(silent), "AWS::Lambda::Url")).toEqual([]);
  }, 60_000);
});
