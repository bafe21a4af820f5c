import { AsyncLocalStorage } from "node:async_hooks";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateStateMachineCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { Context } from "aws-lambda";
import { confirmSubscriptions } from "../bin/drill/inbox.ts";
import { mails } from "../sandbox/engines/mail.ts";
import { createSandbox, type Sandbox } from "../sandbox/sandbox.ts";
import { until } from "../scenarios/until.ts";
import type { BenchResult } from "./result.ts";

/** Both alarms of a service ring; each transition is delivered both ways, many times. */
const ALARMS = ["errors", "latency"];
/** Deliveries under way at the same time: as many as Lambda would run side by side. */
const SIDE_BY_SIDE = 48;

/** What came of a storm. */
export interface StormResult {
  events: number;
  /** Executions of each service's state machine. */
  runs: number[];
  /** Different runs that the function's answers named. */
  named: number;
  /** Events that were added to another alarm's run, and that failed. */
  joined: number;
  failed: string[];
  seconds: number;
  /** Mails about runs, all services together, and the most of them in one second. */
  mails: number;
  peakMailsPerSecond: number;
}

/** One service as its stack would have it, as far as an alarm sees it. */
interface StormService {
  environment: Record<string, string>;
  stateMachineArn: string;
  events: object[];
}

/**
 * Alarm events through the real trigger function against the sandbox's CloudWatch, DynamoDB and Step Functions. The
 * function runs in this process with each service's own environment: a process for each of 10,000 events would
 * measure the machine. What a run does is one mail and a wait: it holds its lock for as long as the storm lasts.
 */
export async function storm(options: {
  services: number;
  events: number;
  seed: number;
}): Promise<StormResult> {
  const sandbox = await createSandbox({ speed: 1 });
  const own = new AsyncLocalStorage<Record<string, string>>();
  const before = process.env;
  try {
    const services: StormService[] = [];
    for (let number = 0; number < options.services; number += 1)
      services.push(
        await prepared(sandbox, `service-${number}`, Math.ceil(options.events / options.services)),
      );
    await confirmSubscriptions(sandbox, options.services);
    const subscribed = mails(sandbox.world).length;
    const common = {
      ...before,
      AWS_REGION: sandbox.region,
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_ACCESS_KEY_ID: sandbox.adminCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.adminCredentials.secretAccessKey,
      POWERTOOLS_LOG_LEVEL: "SILENT",
    } as Record<string, string>;
    // Each delivery sees the environment of its own service, however they are mixed.
    process.env = new Proxy(common, {
      get: (target, name: string) => own.getStore()?.[name] ?? target[name],
    });
    // Loaded here: the logger reads its level when it is made.
    const { handler } = await import("../lambdas/trigger/handler.ts");
    const deliveries = shuffled(
      services.flatMap(({ environment, events }) => events.map((event) => ({ environment, event }))),
      options.seed,
    );
    const named = new Set<string>();
    const result = { joined: 0, failed: [] as string[] };
    const deliver = async ({ environment, event }: (typeof deliveries)[number]) => {
      try {
        const answer = await own.run(environment, () => handler(event, {} as Context));
        // Step Functions takes the same start twice for one; the answer then names the run that there is.
        if (answer.run) named.add(answer.run);
        else if (/was added to it/.test(answer.because)) result.joined += 1;
        else result.failed.push(answer.because);
      } catch (error) {
        result.failed.push(String(error));
      }
    };
    const begun = performance.now();
    const queue = deliveries.values();
    await Promise.all(
      Array.from({ length: SIDE_BY_SIDE }, async () => {
        for (const each of queue) await deliver(each);
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const states = new SFNClient(sandbox.clientConfig());
    const runs: number[] = [];
    for (const { stateMachineArn } of services)
      runs.push((await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions!.length);
    const total = runs.reduce((sum, each) => sum + each, 0);
    await until("every run's mail", () => mails(sandbox.world).length - subscribed >= total);
    const sent = mails(sandbox.world)
      .slice(subscribed)
      .map(({ at }) => at);
    return {
      events: deliveries.length,
      runs,
      named: named.size,
      ...result,
      seconds,
      mails: sent.length,
      peakMailsPerSecond: Math.max(
        0,
        ...sent.map((from) => sent.filter((at) => at >= from && at < from + 1000).length),
      ),
    };
  } finally {
    process.env = before;
    await sandbox.stop();
  }
}

/** Table, alarms in ALARM, topic and state machine of one service, and its share of the events. */
async function prepared(sandbox: Sandbox, service: string, share: number): Promise<StormService> {
  const config = sandbox.clientConfig();
  const table = `${service}-watchdog`;
  const key = (name: string, KeyType: "HASH" | "RANGE") => ({
    schema: { AttributeName: name, KeyType },
    definition: { AttributeName: name, AttributeType: "S" as const },
  });
  const keys = [key("pk", "HASH"), key("sk", "RANGE")];
  await new DynamoDBClient(config).send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys.map(({ schema }) => schema),
      AttributeDefinitions: keys.map(({ definition }) => definition),
    }),
  );
  const cloudwatch = new CloudWatchClient(config);
  const names = ALARMS.map((alarm) => `${service}-${alarm}`);
  for (const AlarmName of names) {
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: "Storm",
        MetricName: AlarmName,
        Statistic: "Average",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "ignore",
      }),
    );
    await cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "the storm begins" }),
    );
  }
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: names }));
  const shapes = MetricAlarms.flatMap(({ AlarmName, AlarmArn, StateTransitionedTimestamp }) => {
    const timestamp = StateTransitionedTimestamp!.toISOString().replace("Z", "+0000");
    const state = { value: "ALARM", timestamp, reason: "the storm begins" };
    return [
      { source: "aws.cloudwatch", alarmArn: AlarmArn, alarmData: { alarmName: AlarmName, state } },
      {
        source: "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        resources: [AlarmArn],
        detail: { alarmName: AlarmName, state },
      },
    ];
  });
  const stateMachineArn = await machine(sandbox, service);
  return {
    stateMachineArn,
    environment: {
      SERVICE: service,
      TABLE_NAME: table,
      STATE_MACHINE_ARN: stateMachineArn,
      EVENT_AGE_SECONDS: "900",
      ALARMS: JSON.stringify(Object.fromEntries(names.map((name, index) => [name, ALARMS[index]]))),
    },
    events: Array.from({ length: share }, (_, index) => shapes[index % shapes.length]!),
  };
}

/** A run as short as can be that still tells people and holds its lock. */
async function machine(sandbox: Sandbox, service: string): Promise<string> {
  const config = sandbox.clientConfig();
  const sns = new SNSClient(config);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: service }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: `${service}@storm.example` }));
  const iam = new IAMClient(config);
  const document = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: service,
      AssumeRolePolicyDocument: document({
        Action: "sts:AssumeRole",
        Principal: { Service: "states.amazonaws.com" },
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: service,
      PolicyName: "tell",
      PolicyDocument: document({ Action: "sns:Publish", Resource: TopicArn }),
    }),
  );
  const { stateMachineArn } = await new SFNClient(config).send(
    new CreateStateMachineCommand({
      name: `${service}-rollback`,
      roleArn: Role!.Arn,
      definition: JSON.stringify({
        StartAt: "Tell",
        States: {
          Tell: {
            Type: "Task",
            Resource: "arn:aws:states:::sns:publish",
            Parameters: { TopicArn, Subject: service, "Message.$": "$.reason" },
            Next: "Hold the lock",
          },
          "Hold the lock": { Type: "Wait", Seconds: 86_400, End: true },
        },
      }),
    }),
  );
  return stateMachineArn!;
}

/** In an order that only the seed knows (Fisher and Yates, with a linear congruential generator). */
function shuffled<Value>(values: Value[], seed: number): Value[] {
  const all = [...values];
  let state = seed >>> 0;
  for (let last = all.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [all[last], all[other]] = [all[other]!, all[last]!];
  }
  return all;
}

/** 10,000 events for 50 services: one run each. Events and mails a second say how it was borne. */
export async function stormBench(): Promise<BenchResult[]> {
  const services = 50;
  const result = await storm({ services, events: 10_000, seed: 1 });
  if (result.failed.length > 0)
    throw new Error(`${result.failed.length} deliveries failed: ${result.failed[0]}`);
  const runs = result.runs.reduce((sum, each) => sum + each, 0);
  const even = result.runs.every((each) => each === 1);
  return [
    {
      name: "storm: runs / services",
      a: runs,
      b: services,
      ratio: runs / services,
      bar: 1,
      holds: even,
      unit: "",
      note: `${result.events} events in ${result.seconds.toFixed(0)} s, ${(result.events / result.seconds).toFixed(0)} events/s, ${result.mails} mails, at most ${result.peakMailsPerSecond} mails/s for all services together`,
    },
  ];
}
