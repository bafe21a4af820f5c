import { type DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { handler as admit } from "../../../lambdas/admit/handler.ts";
import { handler as redeploy } from "../../../lambdas/redeploy/handler.ts";

import type {
  AdmitAnswer,
  AdmitEvent,
  RampAdmission,
  RampAnswer,
  RampOutcome,
  RedeployEvent,
} from "../../../lambdas/runtime/protocol.ts";
import { offeredToRamp } from "../../../lambdas/trigger/ramp.ts";
import { operation, type Service, ServiceException } from "../../../sandbox/service.ts";
import { dynamodb } from "../../../sandbox/services/dynamodb/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { recordingBus } from "../bus.ts";
import { lambdaEnvironment } from "../environment.ts";
import { openTable, TABLE } from "../table.ts";

const { events, taken } = recordingBus();
/** What was put on the bus. */
export const onTheBus = taken;
/** Tokens that were failed, with the error; the others are not waited for any more. */
export const woken: { taskToken: string; error: string }[] = [];
let status = "RUNNING";
const states: Service = {
  name: "states",
  client: () => import("@aws-sdk/client-sfn"),
  operations: {
    DescribeExecution: operation<{ executionArn: string }, object>({
      authorize: () => [],
      run: ({ executionArn }) => ({ executionArn, status }),
    }),
    SendTaskFailure: operation<{ taskToken: string; error: string }, object>({
      authorize: () => [],
      run: ({ taskToken, error }) => {
        if (taskToken === "spent") throw new ServiceException("TaskTimedOut", "Task Timed Out");
        woken.push({ taskToken, error });
        return {};
      },
    }),
  },
};

let test: TestWorld;
let client: DynamoDBClient;
/** The service of the present test. */
export let service: string;
let count = 0;

/** A second service in a test. */
export const otherService = (suffix: string): void => {
  service = `${service}-${suffix}`;
};
/** How the ramp's execution is, from now on in this test. */
export const executionIs = (now: string): void => {
  status = now;
};

/** One world and one table for a file; a service of its own for each test. */
export function rampBench(): void {
  beforeAll(async () => {
    test = await openWorld([dynamodb, events, states]);
    lambdaEnvironment(test, { TABLE_NAME: TABLE });
    client = await openTable(test);
  });
  afterAll(() => test.close());
  beforeEach(() => {
    service = `chat-${++count}`;
    Object.assign(process.env, { SERVICE: service, RAMP_CRITERIA: JSON.stringify(["errors"]) });
    onTheBus.length = 0;
    woken.length = 0;
    status = "RUNNING";
  });
}

export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
export const budget = { attempts: 2, perDay: 4, minimumDelaySeconds: 0, eventAgeSeconds: 900 };
export const call = <Answer = RampAdmission>(event: RedeployEvent) =>
  redeploy(event, {} as Context) as unknown as Promise<Answer>;

export const begin = (name = "ramp-1", input: unknown = { version: "2.4.1" }, startTime = ago(0)) =>
  call({
    verb: "begin",
    input,
    execution: { id: `arn:${name}`, name, startTime },
    plan: "0123456789abcdef",
    service,
    budget,
    observe: false,
    boundSeconds: 3600,
  });
export const enter = (
  run: RampAdmission["run"],
  step = "10 %",
  direction: "up" | "back" = "up",
  at = ago(0),
) => call({ verb: "enter", run, budget, step, direction, at });
export const hold = (run: RampAdmission["run"], token = "token-1") =>
  call<RampAnswer>({ verb: "hold", run, step: "10 %", token });
export const end = (run: RampAdmission["run"], outcome: RampOutcome, ending: string) =>
  call<RampAnswer>({ verb: "end", run, outcome, ending });
export const rang = (criterion = "errors", at = ago(30)) =>
  offeredToRamp(
    TABLE,
    service,
    {
      run: `${criterion}-0123`,
      what: `chat-${criterion} is in ALARM since ${at}`,
      trigger: { type: "alarm", criterion, alarmName: "a", alarmArn: "arn", since: at, reason: "rose" },
    },
    { alarm: criterion },
    Date.now(),
  );
export const rowsOf = async (sk: string) =>
  (
    await client.send(
      new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: "pk = :pk AND sk = :sk",
        ExpressionAttributeValues: { ":pk": { S: `service#${service}` }, ":sk": { S: sk } },
      }),
    )
  ).Items ?? [];
export const freeze = (until: string) =>
  client.send(
    new PutItemCommand({
      TableName: TABLE,
      Item: { pk: { S: `service#${service}` }, sk: { S: "FREEZE" }, until: { S: until }, by: { S: "Ada" } },
    }),
  );
export const byHand = (name: string, dryRun = false) =>
  admit(
    {
      input: { reason: "Ada asked", by: "Ada", dryRun },
      execution: { id: `arn:${name}`, name, startTime: ago(0) },
      plan: "0123456789abcdef",
      service,
      budget,
      undo: false,
      observe: false,
      overtakes: ["errors"],
      deploymentWindowSeconds: 86_400,
      stableAfterSeconds: 1800,
    } as AdmitEvent,
    {} as Context,
  ) as unknown as Promise<AdmitAnswer>;
