import type {
  DescribeRuleCommandOutput,
  PutEventsCommandOutput,
  Target,
  TestEventPatternCommandOutput,
} from "@aws-sdk/client-eventbridge";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ServiceException } from "../../../../sandbox/service.ts";
import { events } from "../../../../sandbox/services/events/index.ts";
import { openPlainWorld, recording } from "../monitoring/fixture.ts";

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const ARN = {
  lambda: "arn:aws:lambda:us-east-1:123456789012:function:trigger",
  queue: "arn:aws:sqs:us-east-1:123456789012:work",
  dead: "arn:aws:sqs:us-east-1:123456789012:dead",
  topic: "arn:aws:sns:us-east-1:123456789012:alarms",
  machine: "arn:aws:states:us-east-1:123456789012:stateMachine:rollback",
  group: "arn:aws:logs:us-east-1:123456789012:log-group:/events:*",
};

async function open({ speed = 60, fail }: { speed?: number; fail?: () => Error | undefined } = {}) {
  const lambda = recording("lambda", ["Invoke"], fail);
  const sqs = recording("sqs", ["SendMessage"]);
  const sns = recording("sns", ["Publish"]);
  const states = recording("states", ["StartExecution"]);
  const logs = recording("logs", ["CreateLogStream", "PutLogEvents"]);
  const test = await openPlainWorld(
    [lambda, sqs, sns, states, logs].map(({ service }) => service).concat(events),
    speed,
  );
  opened.push(test);
  const call = <Output>(name: string, input: object) => test.call<Output>("events", name, input);
  const rule = async (Targets: Target[], more: object = { EventPattern: '{"source":["lab"]}' }) => {
    await call("PutRule", { Name: "rule", ...more });
    await call("PutTargets", { Rule: "rule", Targets });
  };
  const put = (Detail: object = { state: "ALARM" }) =>
    call<PutEventsCommandOutput>("PutEvents", {
      Entries: [{ Source: "lab", DetailType: "Change", Detail: JSON.stringify(Detail), Resources: ["r"] }],
    });
  return { ...test, call, rule, put, lambda, sqs, sns, states, logs };
}
const payload = (input: Record<string, unknown> | undefined) =>
  JSON.parse(Buffer.from(input?.["Payload"] as Uint8Array).toString());

describe("delivery", () => {
  it("reaches each kind of target as EventBridge, or as the target's role where AWS needs one", async () => {
    const test = await open();
    const roleArn = "arn:aws:iam::123456789012:role/start";
    await test.rule([
      { Id: "lambda", Arn: ARN.lambda },
      { Id: "queue", Arn: ARN.queue },
      { Id: "topic", Arn: ARN.topic },
      { Id: "machine", Arn: ARN.machine, RoleArn: roleArn },
      { Id: "logs", Arn: ARN.group },
    ]);

    const { Entries } = await test.put();

    await vi.waitFor(() => expect(test.logs.calls).toHaveLength(2));
    expect(payload(test.lambda.calls[0]?.input)).toMatchObject({
      version: "0",
      id: Entries?.[0]?.EventId,
      source: "lab",
      "detail-type": "Change",
      account: "123456789012",
      region: "us-east-1",
      resources: ["r"],
      detail: { state: "ALARM" },
    });
    const service = {
      type: "service",
      service: "events.amazonaws.com",
      sourceArn: "arn:aws:events:us-east-1:123456789012:rule/rule",
    };
    for (const { calls } of [test.lambda, test.sqs, test.sns, test.logs])
      expect(calls[0]?.principal).toEqual(service);
    expect(test.states.calls[0]?.principal).toMatchObject({ type: "role", roleArn });
  });

  it("AWS services' own events come to the default bus", async () => {
    const test = await open();
    await test.rule([{ Id: "lambda", Arn: ARN.lambda }], {
      EventPattern: '{"source":["aws.rds"],"detail":{"EventID":["RDS-EVENT-0043"]}}',
    });

    test.world.emit({
      source: "aws.rds",
      "detail-type": "RDS DB Instance Event",
      detail: { EventID: "RDS-EVENT-0043" },
    });
    test.world.emit({
      source: "aws.rds",
      "detail-type": "RDS DB Instance Event",
      detail: { EventID: "RDS-EVENT-0001" },
    });

    await vi.waitFor(() => expect(test.lambda.calls).toHaveLength(1));
  });

  it("a disabled rule delivers nothing until it is enabled again", async () => {
    const test = await open();
    await test.rule([{ Id: "lambda", Arn: ARN.lambda }]);

    await test.call("DisableRule", { Name: "rule" });
    await test.put({ number: 1 });
    const off = await test.call<DescribeRuleCommandOutput>("DescribeRule", { Name: "rule" });
    await test.call("EnableRule", { Name: "rule" });
    await test.put({ number: 2 });

    await vi.waitFor(() => expect(test.lambda.calls).toHaveLength(1));
    expect(off.State).toBe("DISABLED");
    expect(payload(test.lambda.calls[0]?.input).detail).toEqual({ number: 2 });
  });

  it("another bus gets the event as it is", async () => {
    const test = await open();
    await test.call("CreateEventBus", { Name: "other" });
    await test.call("PutRule", { Name: "there", EventBusName: "other", EventPattern: '{"source":["lab"]}' });
    await test.call("PutTargets", {
      Rule: "there",
      EventBusName: "other",
      Targets: [{ Id: "l", Arn: ARN.lambda }],
    });
    await test.rule([{ Id: "bus", Arn: "arn:aws:events:us-east-1:123456789012:event-bus/other" }]);

    const { Entries } = await test.put();

    await vi.waitFor(() => expect(payload(test.lambda.calls[0]?.input).id).toBe(Entries?.[0]?.EventId));
  });
});

describe("failed deliveries", () => {
  const dead = (test: Awaited<ReturnType<typeof open>>) => {
    const [message] = test.sqs.calls.filter(({ input }) => String(input["QueueUrl"]).endsWith("/dead"));
    const attributes = (message?.input["MessageAttributes"] ?? {}) as Record<string, { StringValue: string }>;
    return Object.fromEntries(
      Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]),
    );
  };

  it("are tried again with growing waits on the sandbox's clock, then kept with what AWS says of them", async () => {
    const test = await open({
      speed: 6_000,
      fail: () => new ServiceException("ServiceException", "out of order", { status: 500 }),
    });
    await test.rule([
      {
        Id: "lambda",
        Arn: ARN.lambda,
        RetryPolicy: { MaximumRetryAttempts: 3 },
        DeadLetterConfig: { Arn: ARN.dead },
      },
    ]);

    await test.put();

    await vi.waitFor(() => expect(test.sqs.calls).toHaveLength(1));
    expect(test.lambda.calls).toHaveLength(4);
    expect(dead(test)).toEqual({
      RULE_ARN: "arn:aws:events:us-east-1:123456789012:rule/rule",
      TARGET_ARN: ARN.lambda,
      ERROR_CODE: "SDK_CLIENT_ERROR",
      ERROR_MESSAGE: "out of order",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "3",
    });
  });

  it("end when the event is too old", async () => {
    const test = await open({ speed: 6_000, fail: () => new ServiceException("ServiceException", "busy") });
    await test.rule([
      {
        Id: "lambda",
        Arn: ARN.lambda,
        RetryPolicy: { MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: { Arn: ARN.dead },
      },
    ]);

    await test.put();

    await vi.waitFor(() => expect(dead(test)["EXHAUSTED_RETRY_CONDITION"]).toBe("MaximumEventAgeInSeconds"));
  });

  it.each([
    ["AccessDeniedException", "NO_PERMISSIONS"],
    ["ResourceNotFoundException", "NO_RESOURCE"],
  ])("%s is not tried again", async (code, wanted) => {
    const test = await open({ fail: () => new ServiceException(code, "no") });
    await test.rule([{ Id: "lambda", Arn: ARN.lambda, DeadLetterConfig: { Arn: ARN.dead } }]);

    await test.put();

    await vi.waitFor(() => expect(dead(test)["ERROR_CODE"]).toBe(wanted));
    expect(dead(test)["RETRY_ATTEMPTS"]).toBe("0");
    expect(test.lambda.calls).toHaveLength(1);
  });
});

describe("what a target receives", () => {
  const paths = {
    id: "$.detail.id",
    payload: "$.detail.payload",
    list: "$.detail.list",
    none: "$.detail.none",
  };
  it.each([
    [{ Input: '{"a":1}' }, '{"a":1}'],
    [{ InputPath: "$.detail.payload" }, '{"id":7}'],
    [
      {
        InputTransformer: {
          InputPathsMap: paths,
          InputTemplate: '{"id": <id>, "all": <payload>, "in": "x/<id>/y"}',
        },
      },
      '{"id": "A", "all": {"id":7}, "in": "x/A/y"}',
    ],
    [
      { InputTransformer: { InputPathsMap: paths, InputTemplate: '"<payload> and <list> of <id><none>"' } },
      '"{id:7} and [ACTIVE,OFF] of A"',
    ],
    [{ InputTransformer: { InputPathsMap: paths, InputTemplate: '{"none": <none>}' } }, '{"none": ""}'],
    [{ InputTransformer: { InputTemplate: '"<aws.events.rule-name>"' } }, '"rule"'],
  ])("%j", async (target, wanted) => {
    const test = await open();
    await test.rule([{ Id: "queue", Arn: ARN.queue, ...target }]);

    await test.put({ id: "A", payload: { id: 7 }, list: ["ACTIVE", "OFF"] });

    await vi.waitFor(() => expect(test.sqs.calls[0]?.input["MessageBody"]).toBe(wanted));
  });

  it("a placeholder that nothing defines is refused", async () => {
    const test = await open();
    const InputTransformer = { InputTemplate: '"<nobody>"', InputPathsMap: {} };

    await expect(test.rule([{ Id: "t", Arn: ARN.queue, InputTransformer }])).rejects.toThrow(
      "InputTemplate for target t contains invalid placeholder nobody.",
    );
  });
});

describe("schedules", () => {
  it("fire at their rate until the rule is gone", async () => {
    const test = await open({ speed: 6_000 });
    await test.rule([{ Id: "lambda", Arn: ARN.lambda }], { ScheduleExpression: "rate(1 minute)" });

    await vi.waitFor(() => expect(test.lambda.calls.length).toBeGreaterThanOrEqual(3));

    expect(payload(test.lambda.calls[0]?.input)).toMatchObject({
      source: "aws.events",
      "detail-type": "Scheduled Event",
      resources: ["arn:aws:events:us-east-1:123456789012:rule/rule"],
      detail: {},
    });
  });

  it.each(["rate(1 minutes)", "rate(0 minutes)", "cron(* * * * * *)", "cron(0 25 * * ? *)", "every day"])(
    "%s is refused",
    async (ScheduleExpression) => {
      const test = await open();
      await expect(test.call("PutRule", { Name: "r", ScheduleExpression })).rejects.toThrow(
        "Parameter ScheduleExpression is not valid.",
      );
    },
  );
});

describe("PutEvents", () => {
  it("answers each entry by itself", async () => {
    const test = await open();
    const { Entries, FailedEntryCount } = await test.call<PutEventsCommandOutput>("PutEvents", {
      Entries: [
        { Source: "lab", DetailType: "d", Detail: "{}" },
        { Source: "lab", DetailType: "d", Detail: "[]" },
        { DetailType: "d", Detail: "{}" },
        { Source: "aws.rds", DetailType: "d", Detail: "{}" },
      ],
    });

    expect(FailedEntryCount).toBe(3);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "MalformedDetail",
      "InvalidArgument",
      "NotAuthorizedForSourceException",
    ]);
  });
});

describe("rules", () => {
  it("with targets are not deleted, and hold five targets", async () => {
    const test = await open();
    const target = (Id: string) => ({ Id, Arn: ARN.lambda });
    await test.rule(["1", "2", "3", "4", "5"].map(target));

    await expect(test.call("PutTargets", { Rule: "rule", Targets: [target("6")] })).rejects.toMatchObject({
      code: "LimitExceededException",
    });
    await expect(test.call("DeleteRule", { Name: "rule" })).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    );
  });

  it("a bus that does not exist is deleted without a word", async () => {
    const test = await open();

    expect(await test.call("DeleteEventBus", { Name: "nowhere" })).toEqual({});
  });

  it("TestEventPattern wants a whole event", async () => {
    const test = await open();
    const event = {
      id: "1",
      account: "1",
      source: "lab",
      time: "t",
      region: "r",
      "detail-type": "d",
    };
    const ask = (Event: unknown) =>
      test.call<TestEventPatternCommandOutput>("TestEventPattern", {
        EventPattern: '{"source":[{"prefix":"la"}]}',
        Event: JSON.stringify(Event),
      });

    expect((await ask(event)).Result).toBe(true);
    expect((await ask({ ...event, source: "other" })).Result).toBe(false);
    for (const given of [[], { ...event, id: undefined }])
      await expect(ask(given)).rejects.toThrow(/^Parameter Event is not valid\.$/);
  });
});
