import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../../../lambdas/build.ts";
import { RollbackWatchdog, WatchdogStack } from "../../../lib/index.ts";
import { PlanError } from "../../../lib/plan/problem.ts";
import { alarmTriggers } from "../../../lib/plan/trigger-kind.ts";
import { ofType, planWith, type Resource, researchLab, resourcesOf, stackOf } from "./template.ts";

const plan = researchLab();
let resources: Record<string, Resource>;
const only = (type: string): [string, Resource] => {
  const found = ofType(resources, type);
  expect(found, type).toHaveLength(1);
  return found[0]!;
};

/** The machine of runs; the other one is the escalation ladder. */
const rollback = () =>
  ofType(resources, "AWS::StepFunctions::StateMachine").find(([id]) => id.includes("Rollback"))!;

/** The topic that mails come from; the other one is chat's. */
const noticesTopic = () => ofType(resources, "AWS::SNS::Topic").find(([id]) => id.includes("Notices"))!;

beforeAll(async () => {
  resources = await resourcesOf();
});

interface State {
  Type: string;
  Resource?: string;
  Arguments?: { FunctionName?: string };
  Branches?: { States: Record<string, State> }[];
  ItemProcessor?: { States: Record<string, State> };
}

/** Every Task of a machine that calls a function, however deep. */
function tasks(states: Record<string, State>): State[] {
  return Object.values(states).flatMap((state) => [
    ...(state.Type === "Task" && state.Resource?.endsWith(":lambda:invoke") ? [state] : []),
    ...(state.Branches ?? []).flatMap((branch) => tasks(branch.States)),
    ...(state.ItemProcessor ? tasks(state.ItemProcessor.States) : []),
  ]);
}

/** The definition with each reference written as `${LogicalId}`. */
function definition(): { States: Record<string, State> } {
  const [, machine] = rollback();
  const given = machine.Properties["DefinitionString"] as {
    "Fn::Join": [string, (string | { Ref: string })[]];
  };
  return JSON.parse(
    given["Fn::Join"][1].map((part) => (typeof part === "string" ? part : `\${${part.Ref}}`)).join(""),
  );
}

describe("the state machine", () => {
  it("calls published versions only", () => {
    const called = tasks(definition().States).map((task) => task.Arguments?.FunctionName);

    expect(called.length).toBeGreaterThan(10);
    for (const name of called) {
      const id = /^\$\{(\w+)\}$/.exec(name ?? "")?.[1];
      expect(resources[id ?? ""]?.Type, name).toBe("AWS::Lambda::Version");
    }
  });

  it("finds the versions it began with after a deployment: they are kept", () => {
    const versions = ofType(resources, "AWS::Lambda::Version");

    expect(versions.length).toBeGreaterThan(10);
    for (const [id, version] of versions) expect(version.DeletionPolicy, id).toBe("Retain");
  });

  it("may invoke every version of its functions, and never $LATEST", () => {
    const [, policy] = ofType(resources, "AWS::IAM::Policy").find(([id]) => id.includes("StateMachineRole"))!;
    const { Statement } = policy.Properties["PolicyDocument"] as {
      Statement: { Effect: string; Action: string; Resource: { "Fn::Join": [string, unknown[]] }[] }[];
    };
    const ends = (effect: string) =>
      Statement.filter(({ Effect, Action }) => Effect === effect && Action === "lambda:InvokeFunction")
        .flatMap(({ Resource }) => Resource)
        .map((each) => each["Fn::Join"][1].at(-1));

    expect(new Set(ends("Allow"))).toEqual(new Set([":*"]));
    expect(new Set(ends("Deny"))).toEqual(new Set([":$LATEST"]));
    expect(ends("Deny").length).toBe(ends("Allow").length);
  });

  it("is found by its name, traced, and logged with everything", () => {
    expect(rollback()[1].Properties).toMatchObject({
      StateMachineName: "llm-research-lab-rollback",
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: "ALL", IncludeExecutionData: true },
    });
  });
});

describe("alarms", () => {
  it("have the plan's own numbers", () => {
    const byName = Object.fromEntries(
      ofType(resources, "AWS::CloudWatch::Alarm").map(([, { Properties }]) => [
        Properties["AlarmName"],
        Properties,
      ]),
    );

    // Written from the plan by hand: "> 10" for 2m of 1m periods, missing is breaching; "> 5000" for 5m.
    expect(byName["llm-research-lab-error-rate-immediate"]).toMatchObject({
      Namespace: "LlmResearch",
      MetricName: "ErrorRate",
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      Threshold: 10,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "breaching",
    });
    expect(byName["llm-research-lab-latency-p95"]).toMatchObject({
      MetricName: "Latency",
      ExtendedStatistic: "p95",
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      Threshold: 5000,
      TreatMissingData: "missing",
    });
  });

  it.each([
    ["< 2.5", "LessThanThreshold", 2.5],
    ["<= 0", "LessThanOrEqualToThreshold", 0],
    [">= -3", "GreaterThanOrEqualToThreshold", -3],
  ])("compare as the plan says: %s", async (threshold, ComparisonOperator, Threshold) => {
    const [trigger] = plan.triggers;
    const changed = await resourcesOf(planWith({ triggers: [{ ...trigger!, threshold }] }));
    const [, alarm] = ofType(changed, "AWS::CloudWatch::Alarm").find(([, { Properties }]) =>
      String(Properties["AlarmName"]).endsWith(trigger!.id),
    )!;

    expect(alarm.Properties).toMatchObject({ ComparisonOperator, Threshold });
  });

  it("reach the trigger function both ways: by their action and by a rule", () => {
    const [trigger] = ofType(resources, "AWS::Lambda::Function").find(([, { Properties }]) =>
      String(Properties["Description"]).includes("turns an alarm into one run"),
    )!;
    const criteria = ofType(resources, "AWS::CloudWatch::Alarm").filter(([, { Properties }]) =>
      plan.triggers.some(({ id }) => Properties["AlarmName"] === `llm-research-lab-${id}`),
    );
    const arn = { "Fn::GetAtt": [trigger, "Arn"] };

    expect(criteria).toHaveLength(alarmTriggers(plan).length);
    for (const [id, { Properties }] of criteria) {
      expect(Properties["AlarmActions"]).toEqual([arn]);
      expect(
        ofType(resources, "AWS::Lambda::Permission").map(([, permission]) => permission.Properties),
      ).toContainEqual({
        Action: "lambda:InvokeFunction",
        FunctionName: arn,
        Principal: "lambda.alarms.cloudwatch.amazonaws.com",
        SourceAccount: { Ref: "AWS::AccountId" },
        SourceArn: { "Fn::GetAtt": [id, "Arn"] },
      });
    }
    const rule = ofType(resources, "AWS::Events::Rule").find(([, { Properties }]) =>
      JSON.stringify(Properties["EventPattern"] ?? {}).includes("CloudWatch Alarm State Change"),
    )![1].Properties;
    expect(rule["EventPattern"]).toMatchObject({
      source: ["aws.cloudwatch"],
      resources: criteria.map(([id]) => ({ "Fn::GetAtt": [id, "Arn"] })),
      detail: { state: { value: ["ALARM"] } },
    });
    expect(rule["Targets"]).toEqual([
      expect.objectContaining({
        Arn: arn,
        DeadLetterConfig: expect.anything(),
        // The plan's eventAge, 15m.
        RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 185 },
      }),
    ]);
  });
});

describe("what is lost is told", () => {
  it("through a dead-letter queue with an alarm that mails", () => {
    const [queue] = only("AWS::SQS::Queue");
    const [topic] = noticesTopic();
    const alarms = ofType(resources, "AWS::CloudWatch::Alarm").map(([, { Properties }]) => Properties);

    expect(alarms).toContainEqual(
      expect.objectContaining({
        AlarmName: "llm-research-lab-watchdog-undelivered",
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queue, "QueueName"] } }],
        AlarmActions: [{ Ref: topic }],
      }),
    );
    for (const [id, { Properties }] of ofType(resources, "AWS::Lambda::EventInvokeConfig"))
      expect(Properties["DestinationConfig"], id).toEqual({
        OnFailure: { Destination: { "Fn::GetAtt": [queue, "Arn"] } },
      });
  });

  it("when a run is stopped or runs out of time, which no state can announce", () => {
    const [topic] = noticesTopic();
    const [machine] = rollback();
    const rules = ofType(resources, "AWS::Events::Rule").map(([, { Properties }]) => Properties);

    expect(rules).toContainEqual(
      expect.objectContaining({
        EventPattern: {
          source: ["aws.states"],
          "detail-type": ["Step Functions Execution Status Change"],
          detail: { stateMachineArn: [{ Ref: machine }], status: ["ABORTED", "TIMED_OUT"] },
        },
        Targets: expect.arrayContaining([
          expect.objectContaining({ Arn: { Ref: topic } }),
          // And the ladder is called, as it is by a run that failed.
          expect.objectContaining({ Arn: { Ref: expect.stringContaining("Escalation") } }),
        ]),
      }),
    );
  });

  it("because alarms and rules of this account, and nobody else's, may publish to the topic", () => {
    const { Statement } = ofType(resources, "AWS::SNS::TopicPolicy").find(([id]) =>
      id.includes("Notices"),
    )![1].Properties["PolicyDocument"] as {
      Statement: { Effect: string; Principal: unknown; Condition: unknown }[];
    };

    expect(Statement.filter(({ Effect }) => Effect === "Allow")).toEqual([
      expect.objectContaining({
        Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      }),
    ]);
  });
});

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

describe("functions", () => {
  it("run on one current runtime, traced, with a deadline that their Task outlasts", () => {
    const longest = Math.max(
      ...tasks(definition().States).map(
        (task) => (task as unknown as { TimeoutSeconds: number }).TimeoutSeconds,
      ),
    );

    for (const [id, { Properties }] of ofType(resources, "AWS::Lambda::Function")) {
      expect(Properties, id).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        TracingConfig: { Mode: "Active" },
        Environment: {
          Variables: { SERVICE: "llm-research-lab", NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" },
        },
      });
      expect(Properties["Timeout"], id).toBeLessThanOrEqual(longest);
    }
  });

  it("are called by no Task that gives up before them", () => {
    for (const task of tasks(definition().States) as unknown as {
      TimeoutSeconds: number;
      Arguments: { FunctionName: string };
    }[]) {
      const version = resources[/^\$\{(\w+)\}$/.exec(task.Arguments.FunctionName)![1]!]!;
      const fn = resources[(version.Properties["FunctionName"] as { Ref: string }).Ref]!;

      expect(task.TimeoutSeconds, String(fn.Properties["Description"])).toBeGreaterThanOrEqual(
        fn.Properties["Timeout"] as number,
      );
    }
  });

  it("of two plans are two: no function, role or table is shared", async () => {
    const bundles = await buildBundles();
    const app = new App();
    // The plan names one of its own alarms, which is another one in the other plan.
    const renamed = JSON.parse(JSON.stringify(plan).replaceAll("llm-research-lab", "orders")) as typeof plan;
    const stacks = [plan, renamed].map((each) => new WatchdogStack(app, { plan: each, bundles }));
    const [one, other] = stacks.map((stack) => Template.fromStack(stack).toJSON()) as [object, object];

    expect(JSON.stringify(one)).not.toContain("orders");
    expect(JSON.stringify(other)).not.toContain("llm-research-lab-");
    for (const each of [one, other]) expect(JSON.stringify(each)).not.toContain("Fn::ImportValue");
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
    const stack = new Stack(new App(), "Orders");
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
      () => new RollbackWatchdog(new Stack(new App(), "X"), "W", { plan: "plans/none.yaml", bundles }),
    ).toThrow(PlanError);
  });

  it("refuses bundles that lack one, by name", () => {
    expect(() => new RollbackWatchdog(new Stack(new App(), "X"), "W", { plan, bundles: {} })).toThrow(
      'There is no bundle "admit"',
    );
  });
});
