import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { handBack } from "../../../lambdas/runtime/hand-back.ts";
import { join, waiting } from "../../../lambdas/runtime/joined.ts";
import { endLock, readLock, takeLock } from "../../../lambdas/runtime/lock.ts";
import { JOINED } from "../../../lambdas/runtime/names.ts";
import type { RunContext } from "../../../lambdas/runtime/protocol.ts";
import { handler, type TriggerAnswer } from "../../../lambdas/trigger/handler.ts";
import { operation, type Service, ServiceException } from "../../../sandbox/service.ts";
import { dynamodb } from "../../../sandbox/services/dynamodb/index.ts";
import { monitoring } from "../../../sandbox/services/monitoring/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { recordingBus } from "../bus.ts";
import { lambdaEnvironment } from "../environment.ts";
import { openTable, TABLE } from "../table.ts";

vi.hoisted(() => {
  process.env["POWERTOOLS_LOG_LEVEL"] = "SILENT"; // read when the logger is made
});

let test: TestWorld;
let cloudwatch: CloudWatchClient;
let service: string;
let count = 0;
/** Executions by name with their input, as Step Functions keeps them: a name is used once. */
const executions = new Map<string, string>();
/** Names of those that have ended. */
const over = new Set<string>();
const { events, taken: onTheBus } = recordingBus();
const states: Service = {
  name: "states",
  client: () => import("@aws-sdk/client-sfn"),
  operations: {
    StartExecution: operation<{ name: string; input: string }, object>({
      authorize: () => [],
      run: ({ name, input }) => {
        if (executions.has(name))
          throw new ServiceException("ExecutionAlreadyExists", `Execution Already Exists: '${name}'`);
        executions.set(name, input);
        return {
          executionArn: `arn:aws:states:us-east-1:123456789012:execution:lab:${name}`,
          startDate: new Date(),
        };
      },
    }),
    DescribeExecution: operation<{ executionArn: string }, object>({
      authorize: () => [],
      run: ({ executionArn }) => {
        const name = executionArn.split(":").at(-1)!;
        if (!executions.has(name))
          throw new ServiceException("ExecutionDoesNotExist", `Execution Does Not Exist: '${executionArn}'`);
        return { executionArn, status: over.has(name) ? "SUCCEEDED" : "RUNNING" };
      },
    }),
  },
};
beforeAll(async () => {
  // At the machine's own pace: the function asks the machine's clock how old an event is.
  test = await openWorld([dynamodb, states, events, monitoring], { speed: 1 });
  lambdaEnvironment(test, {
    TABLE_NAME: TABLE,
    STATE_MACHINE_ARN: "arn:aws:states:us-east-1:123456789012:stateMachine:lab",
    EVENT_AGE_SECONDS: "900",
  });
  cloudwatch = new CloudWatchClient(test.admin);
  await openTable(test);
});
afterAll(() => test.close());

/** The alarm of a service of its own. */
let alarm: string;
beforeEach(async () => {
  executions.clear();
  over.clear();
  onTheBus.length = 0;
  service = `lab-${++count}`;
  alarm = `${service}-errors`;
  process.env["SERVICE"] = service;
  process.env["ALARMS"] = JSON.stringify({ [alarm]: "error-rate" });
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: alarm,
      Namespace: "Lab",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    }),
  );
});

const describeAlarm = async () =>
  (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }))).MetricAlarms![0]!;
/** Brings the alarm into a state and gives the event of that transition. */
async function transition(value: "ALARM" | "OK") {
  await cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName: alarm, StateValue: value, StateReason: "a test" }),
  );
  const { StateTransitionedTimestamp: at, AlarmArn } = await describeAlarm();
  return event(value, at!, AlarmArn!);
}
const event = (value: string, at: Date, arn: string, path: "direct" | "bus" = "direct") => {
  const state = { value, reason: "a test", timestamp: at.toISOString().replace("Z", "+0000") };
  return path === "direct"
    ? { source: "aws.cloudwatch", alarmArn: arn, alarmData: { alarmName: alarm, state } }
    : {
        source: "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        resources: [arn],
        detail: { alarmName: alarm, state },
      };
};
const send = (given: unknown): Promise<TriggerAnswer> =>
  Promise.resolve(handler(given, {} as Context)) as Promise<TriggerAnswer>;

describe("an alarm's transition", () => {
  it("starts one run, with the criterion, the alarm and the moment in its input", async () => {
    const answer = await send(await transition("ALARM"));

    expect(answer).toMatchObject({ started: true, run: expect.stringMatching(/^error-rate-[0-9a-f]{12}$/) });
    expect([...executions.keys()]).toEqual([answer.run]);
    expect(JSON.parse(executions.get(answer.run!)!)).toMatchObject({
      trigger: { type: "alarm", criterion: "error-rate", alarmName: alarm, reason: "a test" },
    });
  });

  it("delivered fifty times at once, on both paths, starts one run; after it ended, none", async () => {
    const first = await transition("ALARM");
    const { StateTransitionedTimestamp: at, AlarmArn } = await describeAlarm();
    const second = event("ALARM", at!, AlarmArn!, "bus");

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => send(index % 2 ? first : second)),
    );

    expect(executions.size).toBe(1);
    const [run] = executions.keys();
    expect(answers.filter(({ started }) => started)).toHaveLength(1);
    await endLock(TABLE, { id: run, service, generation: 1 } as RunContext, "free", Date.now());
    expect(await send(first)).toMatchObject({ started: false, because: expect.stringContaining(run!) });
    expect(executions.size).toBe(1);
  });

  it("while another run holds the lock joins it, and is on its timeline", async () => {
    const { run } = await send(await transition("ALARM"));
    await transition("OK");
    const again = await send(await transition("ALARM"));

    expect(again).toMatchObject({
      started: false,
      because: expect.stringContaining(`run ${run} holds the lock`),
    });
    expect(executions.size).toBe(1);
    const { Items = [] } = await new DynamoDBClient(test.admin).send(
      new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :joined)",
        ExpressionAttributeValues: {
          ":pk": { S: `service#${service}` },
          ":joined": { S: `RUN#${run}#JOINED#` },
        },
      }),
    );
    expect(Items).toHaveLength(1);
  });
});

describe("an alarm's transition that is delivered once more", () => {
  const lock = () => readLock(TABLE, service);
  /** A run that was started, let in and, unless it still runs, has given the lock back. */
  async function runOf(rang: unknown, { stillRunning = false } = {}): Promise<string> {
    const { run } = await send(rang);
    const { lock } = await takeLock(TABLE, service, run!, "running", Date.now());
    if (stillRunning) return run!;
    over.add(run!);
    await endLock(TABLE, { id: run, service, generation: lock.generation } as RunContext, "free", Date.now());
    return run!;
  }

  it("leaves its running run's lock running, which nobody may take over, and is no joined alarm", async () => {
    const rang = await transition("ALARM");
    const run = await runOf(rang, { stillRunning: true });
    const before = await lock();

    expect(await send(rang)).toEqual({
      started: false,
      because: expect.stringContaining(`run ${run} was started for this already`),
    });
    expect(await lock()).toEqual(before);
    expect(before).toMatchObject({ runId: run, state: "running" });
    expect(await waiting(TABLE, service, run)).toEqual([]);
  });

  it("after its run has ended leaves the lock free for the next alarm", async () => {
    const rang = await transition("ALARM");
    await runOf(rang);

    expect(await send(rang)).toMatchObject({ started: false });
    expect(await lock()).toMatchObject({ state: "free" });
    await transition("OK");
    expect(await send(await transition("ALARM"))).toMatchObject({ started: true });
  });

  it("after another run came in between frees the lock again, and sends on what rang in that moment", async () => {
    const rang = await transition("ALARM");
    const first = await runOf(rang);
    await takeLock(TABLE, service, "by-hand", "running", Date.now());
    await endLock(TABLE, { id: "by-hand", service, generation: 2 } as RunContext, "free", Date.now());
    // What the alarm that rings between the claim and the answer of Step Functions leaves behind.
    const other = { source: "a test", what: "another alarm" };
    await join(TABLE, service, first, { run: "errors-2", what: "another alarm" }, other);

    expect(await send(rang)).toMatchObject({ started: false });
    expect(await lock()).toMatchObject({ runId: first, state: "free" });
    expect(onTheBus).toEqual([
      { source: JOINED.source, detail: { service, run: first, row: `RUN#${first}#JOINED#errors-2` } },
    ]);
    expect(await waiting(TABLE, service, first)).toEqual([]);
  });

  it("before its run was let in leaves the claim to it", async () => {
    const rang = await transition("ALARM");
    const { run } = await send(rang);

    expect(await send(rang)).toMatchObject({ started: false });
    expect(await lock()).toMatchObject({ runId: run, state: "claimed" });
  });
});

describe("an event that comes back because the run that it joined changed nothing", () => {
  /** As only a service of AWS may send it, and as the plan waits for it. */
  const health = () => ({
    criterion: "health",
    id: "0b9f",
    source: "aws.health",
    detailType: "AWS Health Event",
    time: new Date().toISOString(),
    detail: {},
  });
  const back = (detail: object) => ({ source: JOINED.source, detail: { service, ...detail } });
  beforeEach(() => {
    process.env["EVENTS"] = JSON.stringify(["health"]);
  });

  it("is taken out of the table, where it was kept when it joined, and starts a run", async () => {
    await takeLock(TABLE, service, "notice", "running", Date.now());
    expect(await send(health())).toMatchObject({ started: false });
    await endLock(TABLE, { id: "notice", service, generation: 1 } as RunContext, "free", Date.now());
    expect(await handBack(TABLE, { id: "notice", service }, Date.now())).toBe(1);

    expect(await send(onTheBus[0])).toMatchObject({
      started: true,
      run: expect.stringMatching(/^health-[0-9a-f]{12}$/),
    });
  });

  it("is not believed when it is in the message alone: whoever may put events on the bus wrote that", async () => {
    for (const forged of [
      back({ run: "notice", event: health() }),
      back({ run: "notice", event: health(), afterRamp: true }),
      back({ run: "notice", event: health(), row: "RUN#notice#JOINED#health-1" }),
      back({ run: "notice", row: "LOCK" }),
      back({ row: 7 }),
      { source: JOINED.source, detail: null },
    ])
      expect(await send(forged)).toEqual({
        started: false,
        because: expect.stringMatching(/nothing of it is in the table/),
      });
    expect(executions.size).toBe(0);
  });

  it("is not taken again a day later, nor while it still waits for its run's end", async () => {
    await takeLock(TABLE, service, "notice", "running", Date.now());
    await send(health());
    const [{ row } = { row: "" }] = await waiting(TABLE, service, "notice");
    await endLock(TABLE, { id: "notice", service, generation: 1 } as RunContext, "free", Date.now());

    expect(await send(back({ run: "notice", row }))).toMatchObject({
      because: expect.stringMatching(/was not handed back/),
    });
    await handBack(TABLE, { id: "notice", service }, Date.now() - 86_400_000, { afterRamp: true });
    expect(await send(onTheBus[0])).toMatchObject({ because: expect.stringMatching(/was not handed back/) });
    expect(executions.size).toBe(0);
  });
});

describe("a claim that is older than ten minutes", () => {
  const claimed = () => takeLock(TABLE, service, "slow", "claimed", Date.now() - 700_000);

  it("is left to a run that is under way and was not let in yet: another alarm joins it", async () => {
    await claimed();
    executions.set("slow", "{}");
    const rang = await transition("ALARM");

    expect(await send(rang)).toMatchObject({
      started: false,
      because: expect.stringContaining("run slow holds the lock"),
    });
    expect([...executions.keys()]).toEqual(["slow"]);
    expect(await waiting(TABLE, service, "slow")).toMatchObject([{ event: rang }]);
  });

  it.each([
    ["never started", () => undefined],
    ["ended", () => executions.set("slow", "{}") && over.add("slow")],
  ])("is taken over from a run that %s", async (_, arrange) => {
    await claimed();
    arrange();

    expect(await send(await transition("ALARM"))).toMatchObject({ started: true });
  });
});

describe("no run is started, and a line says why, for", () => {
  const ignored = async (given: unknown, because: RegExp) => {
    expect(await send(given)).toEqual({ started: false, because: expect.stringMatching(because) });
    expect(executions.size).toBe(0);
  };

  it.each([undefined, null, "x", {}, { source: "aws.rds" }, [1]])("what is no alarm event: %j", (given) =>
    ignored(given, /no alarm event/),
  );

  it("an alarm of another plan", async () => {
    const rang = await transition("ALARM");
    process.env["ALARMS"] = JSON.stringify({ "other-errors": "error-rate" });

    await ignored(rang, /not one of this plan's/);
  });

  it.each(["OK", "INSUFFICIENT_DATA"])("a transition to %s", async (value) => {
    await transition("ALARM");
    const { StateTransitionedTimestamp: at, AlarmArn } = await describeAlarm();

    await ignored(event(value, at!, AlarmArn!), new RegExp(`went to ${value}`));
  });

  it("an event that is a day late", async () => {
    await transition("ALARM");
    const { AlarmArn } = await describeAlarm();

    await ignored(event("ALARM", new Date(Date.now() - 86_400_000), AlarmArn!), /86400 s old/);
  });

  it("an alarm that is OK by now, or gone", async () => {
    const rang = await transition("ALARM");
    await transition("OK");
    await ignored(rang, /is OK by now/);
    process.env["ALARMS"] = JSON.stringify({ "lab-gone": "error-rate" });
    await ignored(
      {
        ...rang,
        alarmData: {
          alarmName: "lab-gone",
          state: (rang as { alarmData: { state: object } }).alarmData.state,
        },
      },
      /is gone by now/,
    );
  });

  it("an older transition than the alarm's last one: events out of order", async () => {
    await transition("ALARM");
    const { StateTransitionedTimestamp: at, AlarmArn } = await describeAlarm();

    await ignored(event("ALARM", new Date(at!.getTime() - 60_000), AlarmArn!), /an older transition/);
  });

  it("an alarm whose actions are switched off, until they are on again", async () => {
    const rang = await transition("ALARM");
    await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [alarm] }));
    await ignored(rang, /switched off/);

    await cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames: [alarm] }));
    expect(await send(rang)).toMatchObject({ started: true });
  });
});
