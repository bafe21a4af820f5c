import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { handler } from "../../../lambdas/admit/handler.ts";
import { recordEnd, runsSince } from "../../../lambdas/runtime/history.ts";
import { join, waiting } from "../../../lambdas/runtime/joined.ts";
import { endLock, readLock, takeLock } from "../../../lambdas/runtime/lock.ts";
import { JOINED } from "../../../lambdas/runtime/names.ts";
import type { AdmitAnswer, AdmitEvent } from "../../../lambdas/runtime/protocol.ts";
import { dynamodb } from "../../../sandbox/services/dynamodb/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { recordingBus } from "../bus.ts";
import { lambdaEnvironment } from "../environment.ts";
import { openTable, TABLE } from "../table.ts";

vi.hoisted(() => {
  process.env["POWERTOOLS_LOG_LEVEL"] = "SILENT"; // read when the logger is made
});

const { events, taken: onTheBus } = recordingBus();
let test: TestWorld;
let client: DynamoDBClient;
let service: string;
let count = 0;
beforeAll(async () => {
  test = await openWorld([dynamodb, events]);
  lambdaEnvironment(test, { TABLE_NAME: TABLE });
  client = await openTable(test);
});
afterAll(() => test.close());
beforeEach(() => {
  service = `lab-${++count}`;
  onTheBus.length = 0;
});

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const admit = (name: string, input: unknown = {}, budget: Partial<AdmitEvent["budget"]> = {}) =>
  handler(
    {
      input,
      execution: { id: `arn:${name}`, name, startTime: ago(0) },
      plan: "0123456789abcdef",
      service,
      budget: { attempts: 2, perDay: 4, minimumDelaySeconds: 600, eventAgeSeconds: 900, ...budget },
      undo: false,
      observe: false,
      deploymentWindowSeconds: 3600,
      stableAfterSeconds: 1800,
    } as AdmitEvent,
    {} as Context,
  ) as unknown as Promise<AdmitAnswer>;
const alarm = () => ({
  trigger: {
    type: "alarm",
    criterion: "errors",
    alarmName: "lab-errors",
    alarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:lab-errors",
    since: ago(60),
    reason: "2 datapoints",
  },
});
/** A run that ended, as the history has it. */
const ended = (id: string, outcome: string, secondsAgo: number) =>
  client.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: {
        pk: { S: `service#${service}` },
        sk: { S: `RUN#${id}` },
        startedAt: { S: ago(secondsAgo + 60) },
        endedAt: { S: ago(secondsAgo) },
        outcome: { S: outcome },
      },
    }),
  );

describe("a run", () => {
  it("is let in with the lock, and let in again as the same one when its answer was lost", async () => {
    const first = await admit("run-1", { reason: "Ada asked", by: "Ada" });
    const again = await admit("run-1", { reason: "Ada asked", by: "Ada" });

    expect(first).toMatchObject({
      admitted: true,
      run: { id: "run-1", generation: 1, reason: "Ada asked", trigger: { type: "manual", by: "Ada" } },
    });
    expect(again).toMatchObject({ admitted: true, run: { generation: 1 } });
    expect(await readLock(TABLE, service)).toMatchObject({ runId: "run-1", state: "running" });
    expect(await runsSince(TABLE, service, 0)).toHaveLength(1);
  });

  it("of ten at the same moment is one; the others join it and change nothing", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => admit(`run-${index}`)));

    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(1);
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(["admitted", "joined"]));
    expect(await runsSince(TABLE, service, 0)).toHaveLength(1);
  });
});

describe("is not let in, takes no lock and says why:", () => {
  const refused = async (name: string, input: unknown, outcome: string, reason: RegExp) => {
    const before = await readLock(TABLE, service);
    expect(await admit(name, input)).toMatchObject({
      admitted: false,
      outcome,
      reason: expect.stringMatching(reason),
      run: { id: name, generation: 0 },
    });
    expect(await readLock(TABLE, service)).toEqual(before);
  };

  it.each([
    ["a text", "now"],
    ["a number", 7],
    ["a list", []],
    ["a dry run that is no boolean", { dryRun: "yes" }],
    ["a trigger of another kind", { trigger: { type: "guess" } }],
    ["an alarm without a moment", { trigger: { ...alarm().trigger, since: "soon" } }],
    ["a reason of a novel's length", { reason: "x".repeat(2001) }],
  ])("input that is %s", (_, input) => refused("run-1", input, "refused", /input does not fit/));

  it("a frozen service, whoever asks", async () => {
    const until = ago(-3600);
    await client.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { pk: { S: `service#${service}` }, sk: { S: "FREEZE" }, until: { S: until }, by: { S: "Ada" } },
      }),
    );

    await refused("run-1", {}, "frozen", /^Ada froze/);
    await refused("run-2", alarm(), "frozen", /^Ada froze/);
  });

  it("a service whose last run failed and kept its lock", async () => {
    const { run } = await admit("run-1");
    await endLock(TABLE, run, "kept", Date.now());
    await recordEnd(TABLE, run, "failed", Date.now());

    await refused("run-2", {}, "refused", /run run-1 failed and kept the lock.*a person must release it/);
  });

  it("a third attempt at one incident, also by hand; an hour later it is another incident", async () => {
    await ended("run-1", "failed", 1200);
    await ended("run-2", "failed", 700);
    await refused("run-3", alarm(), "exhausted", /2 runs of this incident failed already; the plan allows 2/);
    await refused("run-4", {}, "exhausted", /2 runs/);

    service = `${service}-later`;
    await ended("run-1", "failed", 5000);
    await ended("run-2", "failed", 4000);
    await takeLock(TABLE, service, "run-3", "claimed", Date.now());
    expect(await admit("run-3", alarm())).toMatchObject({ admitted: true });
  });

  it("a fifth run within a day; notices and dry runs do not count", async () => {
    for (const hours of [20, 15, 10, 5]) await ended(`run-${hours}`, "succeeded", hours * 3600);
    await refused("run-next", {}, "exhausted", /4 runs began in the last 24 hours; the plan allows 4/);

    service = `${service}-notices`;
    for (const hours of [20, 15, 10, 5]) await ended(`run-${hours}`, "notified", hours * 3600);
    expect(await admit("run-next")).toMatchObject({ admitted: true });
  });

  it("an alarm's run too soon after the last one; a person may", async () => {
    await ended("run-1", "succeeded", 300);

    await refused("run-2", alarm(), "refused", /the last run ended 30\d s ago; the plan asks for 600 s/);
    expect(await admit("run-3")).toMatchObject({ admitted: true });
  });
});

describe("an execution that says an alarm or an event began it", () => {
  const event = () => ({
    trigger: { type: "event", criterion: "health", source: "aws.health", detailType: "d", at: ago(60) },
  });

  it("is believed when the trigger function claimed the lock for it, and again when its answer was lost", async () => {
    await takeLock(TABLE, service, "run-1", "claimed", Date.now());

    for (const _ of [1, 2])
      expect(await admit("run-1", event())).toMatchObject({
        admitted: true,
        run: { generation: 1, trigger: { type: "event", criterion: "health" } },
      });
  });

  it.each([
    ["an alarm", alarm],
    ["an event", event],
  ])("is not, with %s, when a person typed that: he would need no approval", async (_, input) => {
    expect(await admit("typed", input())).toMatchObject({
      admitted: false,
      outcome: "refused",
      reason: expect.stringMatching(/nothing claimed the lock for it.*leave "trigger" out/),
    });
    expect(await readLock(TABLE, service)).toBeUndefined();
    expect(await runsSince(TABLE, service, 0)).toEqual([]);
  });
});

it("gives back what was claimed for it when it is not let in, and sends on the alarms that joined it", async () => {
  await ended("run-1", "succeeded", 300);
  await takeLock(TABLE, service, "run-2", "claimed", Date.now());
  const event = { source: "a test" };
  await join(TABLE, service, "run-2", { run: "errors-3", what: "another alarm" }, event);

  expect(await admit("run-2", alarm())).toMatchObject({ admitted: false, outcome: "refused" });
  expect(await readLock(TABLE, service)).toMatchObject({ state: "free" });
  expect(await waiting(TABLE, service, "run-2")).toEqual([]);
  expect(onTheBus).toEqual([
    {
      source: JOINED.source,
      detail: { service, run: "run-2", row: expect.stringMatching(/^RUN#run-2#JOINED#/) },
    },
  ]);
  expect(await admit("run-3")).toMatchObject({ admitted: true });
});

it("takes over nothing that another run claimed a minute ago", async () => {
  await takeLock(TABLE, service, "run-1", "claimed", Date.now() - 60_000);

  expect(await admit("run-2")).toMatchObject({ admitted: false, outcome: "joined" });
  expect(await admit("run-1")).toMatchObject({ admitted: true, run: { generation: 1 } });
});
