import {
  type App,
  aws_cloudwatch_actions as actions,
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_lambda_destinations as destinations,
  aws_events as events,
  aws_lambda as lambda,
  Stack,
  aws_sns as sns,
  aws_sqs as sqs,
  aws_sns_subscriptions as subscriptions,
  aws_events_targets as targets,
} from "aws-cdk-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../services/lambda/fixture.ts";
import { type DeployWorld, deployWorld } from "./fixture.ts";

let here: DeployWorld;
beforeAll(async () => {
  here = await deployWorld();
});
afterAll(() => here.stop());

/** Event → rule → function → destination; topic → queue. */
function wiring(app: App, source: string): Stack {
  const stack = new Stack(app, "Wiring");
  const results = new sqs.Queue(stack, "Results", { queueName: "results" });
  const worker = new lambda.Function(stack, "Worker", {
    runtime: new lambda.Runtime("nodejs24.x", lambda.RuntimeFamily.NODEJS),
    handler: "index.handler",
    code: lambda.Code.fromAsset(source),
    onSuccess: new destinations.SqsDestination(results),
    timeout: Duration.seconds(20),
  });
  new lambda.Alias(stack, "Live", { aliasName: "live", version: worker.currentVersion });
  new events.Rule(stack, "OnDeployment", {
    eventPattern: { source: ["lab.deploy"], detailType: ["Deployment"] },
    targets: [new targets.LambdaFunction(worker, { retryAttempts: 2, maxEventAge: Duration.hours(1) })],
  });
  const topic = new sns.Topic(stack, "Mail", { displayName: "Watchdog", enforceSSL: true });
  topic.addSubscription(new subscriptions.SqsSubscription(results, { rawMessageDelivery: true }));
  return stack;
}

const received = (about: string) =>
  until(async () => {
    const { Messages = [] } = await here.call<{ Messages?: { Body: string }[] }>("sqs", "ReceiveMessage", {
      QueueUrl: (await here.call<{ QueueUrl: string }>("sqs", "GetQueueUrl", { QueueName: "results" }))
        .QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
    });
    return Messages.find(({ Body }) => Body.includes(about))?.Body;
  });

describe("what a template wires together", () => {
  it("carries an event through a rule to a function and on to its destination, and a message to a queue", async () => {
    const source = here.source(
      `export const handler = async (event) => ({ version: event.detail.version });`,
    );
    const { resources } = await here.deploy("Wiring", (app) => wiring(app, source));
    const topic = Object.values(resources).find(({ type }) => type === "AWS::SNS::Topic")!;

    await here.call("events", "PutEvents", {
      Entries: [
        { Source: "lab.deploy", DetailType: "Deployment", Detail: JSON.stringify({ version: "1.3.0" }) },
      ],
    });
    await here.call("sns", "Publish", { TopicArn: topic.physicalId, Message: "hello from the topic" });

    expect(JSON.parse(await received("1.3.0"))).toMatchObject({
      requestContext: { condition: "Success", approximateInvokeCount: 1 },
      requestPayload: { source: "lab.deploy", "detail-type": "Deployment", detail: { version: "1.3.0" } },
      responsePayload: { version: "1.3.0" },
    });
    expect(await received("hello")).toBe("hello from the topic");
  });

  it("turns a function's errors into an alarm that reaches its topic", async () => {
    const source = here.source(`export const handler = async () => { throw new Error("broken"); };`);
    const { resources } = await here.deploy("Alarmed", (app) => {
      const stack = new Stack(app, "Alarmed");
      const worker = new lambda.Function(stack, "Worker", {
        functionName: "alarmed",
        runtime: new lambda.Runtime("nodejs24.x", lambda.RuntimeFamily.NODEJS),
        handler: "index.handler",
        code: lambda.Code.fromAsset(source),
      });
      const topic = new sns.Topic(stack, "Topic");
      const alarm = worker
        .metricErrors({ period: Duration.minutes(1), statistic: "Sum" })
        .createAlarm(stack, "Errors", {
          threshold: 1,
          evaluationPeriods: 3,
          datapointsToAlarm: 1,
          treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        });
      alarm.addAlarmAction(new actions.SnsAction(topic));
      new cloudwatch.CompositeAlarm(stack, "Any", {
        alarmRule: cloudwatch.AlarmRule.anyOf(
          cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM),
        ),
      });
      new cloudwatch.Dashboard(stack, "Board", {
        widgets: [[new cloudwatch.AlarmWidget({ alarm, title: "Errors" })]],
      });
      return stack;
    });
    const named = (type: string) => Object.values(resources).find((each) => each.type === type)!;
    const state = async () => {
      const answer = await here.call<{
        MetricAlarms: { StateValue: string }[];
        CompositeAlarms: { StateValue: string }[];
      }>("monitoring", "DescribeAlarms", {
        AlarmNames: [
          named("AWS::CloudWatch::Alarm").physicalId,
          named("AWS::CloudWatch::CompositeAlarm").physicalId,
        ],
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      });
      return [answer.MetricAlarms[0]?.StateValue, answer.CompositeAlarms[0]?.StateValue].join();
    };

    await here.call("lambda", "Invoke", { FunctionName: "alarmed" });

    await until(async () => ((await state()) === "ALARM,ALARM" ? true : undefined));
    expect(named("AWS::CloudWatch::Alarm").attributes["Arn"]).toBe(
      `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${named("AWS::CloudWatch::Alarm").physicalId}`,
    );
    await here.call("monitoring", "GetDashboard", {
      DashboardName: named("AWS::CloudWatch::Dashboard").physicalId,
    });
  });
});
