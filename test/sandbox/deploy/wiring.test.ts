import {
  type App,
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
});
