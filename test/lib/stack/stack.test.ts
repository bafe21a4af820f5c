import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../../../lambdas/build.ts";
import { RollbackWatchdog } from "../../../lib/index.ts";
import { PlanError } from "../../../lib/plan/problem.ts";
import { ofType, onlyOne, type Resource, researchLab, resourcesOf, stackOf } from "./template.ts";

const plan = researchLab();
let resources: Record<string, Resource>;
beforeAll(async () => {
  resources = await resourcesOf();
});

const only = (type: string) => onlyOne(resources, type);

describe("records", () => {
  it("outlive the stack, and go with a first deployment that failed", () => {
    const kept = ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Logs::LogGroup"].flatMap((type) =>
      ofType(resources, type),
    );

    expect(kept.length).toBeGreaterThan(10);
    for (const [id, { DeletionPolicy }] of kept) expect(DeletionPolicy, id).toBe("RetainExceptOnCreate");
  });

  it("are recoverable, encrypted, and never public", () => {
    expect(only("AWS::DynamoDB::Table")[1].Properties).toMatchObject({
      TableName: "llm-research-lab-watchdog",
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
    });
    expect(only("AWS::S3::Bucket")[1].Properties).toMatchObject({
      VersioningConfiguration: { Status: "Enabled" },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(JSON.stringify(only("AWS::S3::BucketPolicy")[1].Properties)).toContain(
      '"aws:SecureTransport":"false"',
    );
  });

  it("of functions are kept for three months, each function's in its own group", () => {
    const functions = ofType(resources, "AWS::Lambda::Function");
    const groups = functions.map(([, { Properties }]) =>
      JSON.stringify((Properties["LoggingConfig"] as { LogGroup: unknown }).LogGroup),
    );

    expect(new Set(groups).size).toBe(functions.length);
    for (const [id, { Properties }] of ofType(resources, "AWS::Logs::LogGroup"))
      expect(Properties["RetentionInDays"], id).toBeGreaterThanOrEqual(90);
  });
});

describe("the stack", () => {
  it("is the same, synthesized twice", async () => {
    expect(await resourcesOf()).toEqual(await resourcesOf());
  });

  it("cannot be deleted by mistake, and says where everything is", async () => {
    const stack = await stackOf();

    expect(stack.terminationProtection).toBe(true);
    expect(Object.keys(Template.fromStack(stack).findOutputs("*")).toSorted()).toEqual([
      "ApprovalUrl",
      "ChatTopicArn",
      "DeadLettersUrl",
      "ReportsBucket",
      "StateMachineArn",
      "TableName",
      "TopicArn",
      "TriggerFunction",
    ]);
  });

  it("makes nothing on deployment but resources: no custom resource, no function of the CDK's own", () => {
    const types = new Set(Object.values(resources).map(({ Type }) => Type));

    expect(
      [...types].filter((type) => type.startsWith("Custom::") || type.includes("CustomResource")),
    ).toEqual([]);
    for (const [id, { Properties }] of ofType(resources, "AWS::Lambda::Function"))
      expect(Properties["Description"], id).toMatch(/^llm-research-lab: /);
  });

  it("names no account, no region and no file of the machine that made it", () => {
    expect(JSON.stringify(resources)).not.toMatch(/us-east-1|\d{12}:|\/home\/|\.bundles/);
  });
});

describe("the construct in another app", () => {
  it("takes a plan's file, more addresses and a network of its own", async () => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Orders");
    const watchdog = new RollbackWatchdog(stack, "Watchdog", {
      plan: "plans/llm-research-lab.yaml",
      bundles: await buildBundles(),
      email: ["second@example.com"],
    });
    const subscriptions = Template.fromStack(stack).findResources("AWS::SNS::Subscription");

    // Approvers have a topic of their own.
    const ofNotices = Object.values(subscriptions).filter(({ Properties }) =>
      JSON.stringify(Properties["TopicArn"]).includes("Notices"),
    );
    const listening = ofNotices.map(({ Properties }) => [
      Properties["Endpoint"],
      Properties["FilterPolicy"]["audience"],
    ]);
    expect(listening).toEqual([
      ["engineers@llm-research.example", ["engineers", { exists: false }]],
      ["users@llm-research.example", ["users"]],
      ["stakeholders@llm-research.example", ["stakeholders"]],
      ["second@example.com", ["engineers", { exists: false }]],
      ["engineering-manager@llm-research.example", ["rung-2"]],
      ["database-administrator@llm-research.example", ["rung-3"]],
      ["vp-engineering@llm-research.example", ["rung-4"]],
      ["cto@llm-research.example", ["rung-5"]],
    ]);
    expect(watchdog.stateMachine.stateMachineArn).toBeTruthy();
    expect(watchdog.estimate).toBeDefined();
  });

  it("refuses a plan's file with all that is wrong with it", async () => {
    const bundles = await buildBundles();

    expect(
      () =>
        new RollbackWatchdog(new Stack(new App({ builtinCloudFormationValidation: false }), "X"), "W", {
          plan: "plans/none.yaml",
          bundles,
        }),
    ).toThrow(PlanError);
  });

  it("refuses bundles that lack one, by name", () => {
    expect(
      () =>
        new RollbackWatchdog(new Stack(new App({ builtinCloudFormationValidation: false }), "X"), "W", {
          plan,
          bundles: {},
        }),
    ).toThrow('There is no bundle "admit"');
  });
});
