import { beforeAll, describe, expect, it } from "vitest";
import { alarmTriggers } from "../../../lib/plan/trigger-kind.ts";
import {
  ofType,
  onlyOne,
  planWith,
  type Resource,
  researchLab,
  resourcesOf,
  rollbackMachine,
} from "./template.ts";

const plan = researchLab();
let resources: Record<string, Resource>;
beforeAll(async () => {
  resources = await resourcesOf();
});

const only = (type: string) => onlyOne(resources, type);
const rollback = () => rollbackMachine(resources);
/** The topic that mails come from; the other one is chat's. */
const noticesTopic = () => ofType(resources, "AWS::SNS::Topic").find(([id]) => id.includes("Notices"))!;

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

  it("compare a share of another metric, and take no errors for 0 %", async () => {
    const [trigger] = plan.triggers;
    const percentOf = { namespace: "LlmResearch", name: "Requests", statistic: "Sum" };
    const changed = await resourcesOf(planWith({ triggers: [{ ...trigger!, percentOf }] }));
    const [, { Properties }] = ofType(changed, "AWS::CloudWatch::Alarm").find(([, each]) =>
      String(each.Properties["AlarmName"]).endsWith(trigger!.id),
    )!;

    expect(Properties["AlarmDescription"]).toContain("when ErrorRate > 10% of Requests for 2m");
    expect(Properties["Metrics"]).toMatchObject([
      { Expression: "100 * FILL(value_error_rate_immediate, 0) / whole_error_rate_immediate" },
      { MetricStat: { Metric: { MetricName: "ErrorRate" }, Stat: "Average" }, ReturnData: false },
      { MetricStat: { Metric: { MetricName: "Requests" }, Stat: "Sum" }, ReturnData: false },
    ]);
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

  it("also when a notice that a run handed over could not be sent, however its function failed", () => {
    const [queue] = only("AWS::SQS::Queue");
    const announce = ofType(resources, "AWS::Lambda::Function").find(([id]) => id.includes("Announce"));

    expect(announce![1].Properties["DeadLetterConfig"]).toEqual({
      TargetArn: { "Fn::GetAtt": [queue, "Arn"] },
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
