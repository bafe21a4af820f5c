import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineClock } from "../../../../sandbox/clock.ts";
import { type LambdaWorld, lambdaWorld, until } from "./fixture.ts";

let here: LambdaWorld;
let queueUrl: string;
beforeAll(async () => {
  // Ten minutes pass in 1.2 seconds.
  here = await lambdaWorld(machineClock(500));
  queueUrl = (await here.call<{ QueueUrl: string }>("sqs", "CreateQueue", { QueueName: "failed" })).QueueUrl;
  await here.call("iam", "PutRolePolicy", {
    RoleName: "runner",
    PolicyName: "destinations",
    PolicyDocument: JSON.stringify({
      Statement: [{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: "*" }],
    }),
  });
});
afterAll(() => here.stop());

const received = (about: string) =>
  until(async () => {
    const { Messages = [] } = await here.call<{
      Messages?: { Body: string; MessageAttributes?: Record<string, { StringValue: string }> }[];
    }>("sqs", "ReceiveMessage", {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ["All"],
    });
    return Messages.find(({ Body }) => Body.includes(about));
  });

const event = (name: string, payload: unknown) => here.invoke(name, payload, { InvocationType: "Event" });

describe("asynchronous invocations", () => {
  it("are answered at once and run", async () => {
    await here.create("quick", `export const handler = async (event) => console.log("got", event.word);`);

    const answer = await event("quick", { word: "banana" });

    expect(answer).toMatchObject({ StatusCode: 202, payload: undefined });
    await until(async () => {
      const { events } = await here
        .call<{ events: { message: string }[] }>("logs", "FilterLogEvents", {
          logGroupName: "/aws/lambda/quick",
        })
        .catch(() => ({ events: [] }));
      return events.find(({ message }) => message.includes("got banana"));
    });
  });

  it("are tried again after one and two minutes, then recorded at the on-failure destination", async () => {
    await here.create(
      "failing",
      `export const handler = async () => { throw new TypeError("at " + Date.now()); };`,
    );
    await here.call("lambda", "PutFunctionEventInvokeConfig", {
      FunctionName: "failing",
      DestinationConfig: { OnFailure: { Destination: here.world.arn("sqs", "failed") } },
    });
    const begun = here.world.clock.now();

    await event("failing", { order: 7 });
    const record = JSON.parse((await received("function:failing")).Body);

    expect(record).toEqual({
      version: "1.0",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: "arn:aws:lambda:us-east-1:123456789012:function:failing:$LATEST",
        condition: "RetriesExhausted",
        approximateInvokeCount: 3,
      },
      requestPayload: { order: 7 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: {
        errorType: "TypeError",
        errorMessage: expect.stringMatching(/^at \d+$/),
        trace: expect.any(Array),
      },
    });
    const lastTry = Number(record.responsePayload.errorMessage.slice(3));
    expect(lastTry - begun).toBeGreaterThanOrEqual(180_000);
  });

  it("go to the dead-letter queue as they came, with why in the attributes", async () => {
    await here.create("lettered", `export const handler = async () => { throw new Error("dead"); };`, {
      DeadLetterConfig: { TargetArn: here.world.arn("sqs", "failed") },
    });
    await here.call("lambda", "PutFunctionEventInvokeConfig", {
      FunctionName: "lettered",
      MaximumRetryAttempts: 0,
    });

    await event("lettered", { letter: "dead-one" });
    const message = await received("dead-one");

    expect(JSON.parse(message.Body)).toEqual({ letter: "dead-one" });
    expect(message.MessageAttributes!["ErrorMessage"]!.StringValue).toBe("dead");
  });

  it("wait while the function is throttled, until they are too old", async () => {
    await here.create(
      "crowded",
      `export const handler = async (event) => { await new Promise((done) => setTimeout(done, event.wait ?? 0)); };`,
    );
    await here.call("lambda", "PutFunctionConcurrency", {
      FunctionName: "crowded",
      ReservedConcurrentExecutions: 1,
    });
    await here.call("lambda", "PutFunctionEventInvokeConfig", {
      FunctionName: "crowded",
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: here.world.arn("sqs", "failed") } },
    });
    const busy = here.invoke("crowded", { wait: 1000 });

    await event("crowded", { late: true });
    const record = JSON.parse((await received("function:crowded")).Body);
    await busy;

    expect(record.requestContext).toMatchObject({ condition: "EventAgeExceeded", approximateInvokeCount: 0 });
    expect(record.responseContext).toBeUndefined();
  });
});
