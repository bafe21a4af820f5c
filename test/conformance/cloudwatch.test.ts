import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type StateValue,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { operation, type Service } from "../../sandbox/service.ts";
import { monitoring } from "../../sandbox/services/monitoring/index.ts";
import { sns } from "../../sandbox/services/sns/index.ts";
import { sqs } from "../../sandbox/services/sqs/index.ts";
import { openWorld, type TestWorld } from "../sandbox/front/harness.ts";
import { differences, failure } from "./comparison.ts";
import { recorded } from "./recorded.ts";

const cases =
  recorded<Record<string, { "recorded-content": Record<string, unknown> }>>("recorded/cloudwatch.json");

let test: TestWorld;
let cloudwatch: CloudWatchClient;
let topics: SNSClient;
let queues: SQSClient;
const invocations: unknown[] = [];
let passed = 0;
let names = 0;
const unique = (prefix: string) => `${prefix}-${++names}`;

/** A function that keeps what it was called with; alarms of the account may call it. */
const lambda: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: {
    Invoke: operation<{ FunctionName: string; Payload: Uint8Array }, object>({
      authorize: ({ FunctionName }) => [{ action: "lambda:InvokeFunction", resources: [FunctionName] }],
      run: ({ Payload }) => {
        invocations.push(JSON.parse(Buffer.from(Payload).toString()));
        return { StatusCode: 202 };
      },
    }),
  },
  resourcePolicy: (world, Resource) => ({
    Statement: {
      Effect: "Allow",
      Principal: { Service: "lambda.alarms.cloudwatch.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource,
      Condition: { StringEquals: { "AWS:SourceAccount": world.account } },
    },
  }),
};

beforeAll(async () => {
  test = await openWorld([sqs, sns, lambda, monitoring], { speed: 60 });
  cloudwatch = new CloudWatchClient(test.admin);
  topics = new SNSClient(test.admin);
  queues = new SQSClient(test.admin);
});
afterAll(async () => {
  console.log(`CloudWatch conformance: ${passed} of ${Object.keys(cases ?? {}).length} recorded cases`);
  await test.close();
});

async function topicWithQueue(): Promise<{ topic: string; receive: () => Promise<unknown> }> {
  const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: unique("topic") }));
  const name = unique("queue");
  const arn = test.world.arn("sqs", name);
  const Policy = JSON.stringify({
    Statement: {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
    },
  });
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  await topics.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arn }));
  return {
    topic: TopicArn!,
    receive: async () => {
      const found = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      const [message] = found.Messages ?? [];
      if (!message) return undefined;
      await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return JSON.parse(JSON.parse(message.Body!).Message);
    },
  };
}

const alarm = (input: Partial<PutMetricAlarmCommandInput>) =>
  cloudwatch.send(
    new PutMetricAlarmCommand({
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      ...input,
    } as PutMetricAlarmCommandInput),
  );
const described = (...AlarmNames: string[]) => cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
const set = (AlarmName: string, StateValue: StateValue | "INVALID", StateReason: string) =>
  cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: StateValue as StateValue, StateReason }));
const arnOf = (name: string) => test.world.arn("cloudwatch", `alarm:${name}`);
const tagsOf = (ResourceARN: string) => cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
const instance = [{ Name: "InstanceId", Value: "abc" }];

async function tagging(name: string, first: string): Promise<Record<string, unknown>> {
  const ResourceARN = arnOf(name);
  const answers: Record<string, unknown> = { [first]: await tagsOf(ResourceARN) };
  const Tags = [
    { Key: "tag1", Value: "foo" },
    { Key: "tag2", Value: "bar" },
  ];
  await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags }));
  answers["list_tags_for_resource_updated"] = await tagsOf(ResourceARN);
  await cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["tag1"] }));
  answers["list_tags_for_resource_post_untag"] = await tagsOf(ResourceARN);
  await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
  answers["list_tags_for_deleted_resource"] = await tagsOf(ResourceARN);
  return answers;
}

/** What was asked in each recording; the answers stand under the recording's own keys. */
const replays: Record<string, () => Promise<Record<string, unknown>>> = {
  test_alarm_lambda_target: async () => {
    const AlarmName = unique("alarm");
    await alarm({
      AlarmName,
      AlarmDescription: "testing lambda alarm action",
      MetricName: "metric1",
      Namespace: "namespace",
      Period: 10,
      Threshold: 2,
      Statistic: "Average",
      AlarmActions: [test.world.arn("lambda", "function:on-alarm")],
      EvaluationPeriods: 2,
      TreatMissingData: "ignore",
    });
    await set(AlarmName, "ALARM", "testing alarm");
    await vi.waitFor(() => expect(invocations).toHaveLength(1));
    return { "lambda-alarm-invocations": invocations[0] };
  },
  "test_describe_alarms_converts_date_format_correctly[json]": async () => {
    const AlarmName = `${unique("a")}:test`;
    await alarm({
      AlarmName,
      Namespace: "ns",
      MetricName: "test-metric",
      Period: 60,
      Statistic: "Sum",
      Threshold: 30,
    });
    return { "describe-alarms": await described(AlarmName) };
  },
  "test_put_metric_alarm_escape_character[json]": async () => {
    await alarm({
      AlarmName: "cpu-mon",
      AlarmDescription: "<",
      MetricName: "CPUUtilization-2",
      Namespace: "AWS/EC2",
      Statistic: "Sum",
      Period: 600,
      Threshold: 1,
      AlarmActions: ["arn:aws:sns:us-east-1:111122223333:MyTopic"],
    });
    return { "describe-alarms-escaped-character": await described("cpu-mon") };
  },
  "test_trigger_composite_alarm[json]": async () => {
    const onAlarm = await topicWithQueue();
    const onOk = await topicWithQueue();
    const [first, second, AlarmName] = [unique("simple-1"), unique("simple-2"), unique("composite")];
    for (const name of [first, second])
      await alarm({
        AlarmName: name,
        MetricName: "CPUUtilization",
        Namespace: "AWS/EC2",
        Period: 10,
        Statistic: "Sum",
        Threshold: 30,
      });
    const put = await cloudwatch.send(
      new PutCompositeAlarmCommand({
        AlarmName,
        AlarmDescription: "composite alarm description",
        AlarmRule: `ALARM("${arnOf(first)}") OR ALARM("${arnOf(second)}")`,
        OKActions: [onOk.topic],
        AlarmActions: [onAlarm.topic],
      }),
    );
    const state = async () =>
      (
        await cloudwatch.send(
          new DescribeAlarmsCommand({ AlarmNames: [AlarmName], AlarmTypes: ["CompositeAlarm"] }),
        )
      ).CompositeAlarms![0];
    // The first evaluation, right after creation, tells its topic too.
    await onOk.receive();
    const changed = async (queue: typeof onOk, value: string, child: string) => {
      const message = await queue.receive();
      expect(message).toMatchObject({
        AlarmName,
        AlarmDescription: "composite alarm description",
        NewStateValue: value,
        TriggeringChildren: [{ Arn: arnOf(child), State: { Value: value } }],
      });
      return state();
    };
    await set(first, "ALARM", "trigger alarm 1");
    const inAlarm1 = await changed(onAlarm, "ALARM", first);
    await set(first, "OK", "resetting alarm 1");
    const inOk1 = await changed(onOk, "OK", first);
    await set(second, "ALARM", "trigger alarm 2");
    const inAlarm2 = await changed(onAlarm, "ALARM", second);
    await set(second, "OK", "resetting alarm 2");
    const inOk2 = await changed(onOk, "OK", second);
    await set(first, "ALARM", "trigger alarm 1");
    await set(second, "ALARM", "trigger alarm 2");
    return {
      "put-composite-alarm": put,
      "composite-alarm-in-alarm-when-alarm-1-is-in-alarm": inAlarm1,
      "composite-alarm-in-ok-when-alarm-1-is-back-to-ok": inOk1,
      "composite-alarm-in-alarm-when-alarm-2-is-in-alarm": inAlarm2,
      "composite-alarm-in-ok-when-alarm-2-is-back-to-ok": inOk2,
      "composite-alarm-is-triggered-by-alarm-1-and-then-unchanged-by-alarm-2": await state(),
    };
  },
  "test_breaching_alarm_actions[json]": async () => {
    const { topic, receive } = await topicWithQueue();
    const AlarmName = unique("breaching");
    await alarm({
      AlarmName,
      AlarmDescription: "testing cloudwatch alarms",
      MetricName: "my-metric101",
      Namespace: unique("ns"),
      Period: 10,
      Threshold: 2,
      Dimensions: instance,
      Unit: "Seconds",
      Statistic: "Average",
      OKActions: [topic],
      AlarmActions: [topic],
      EvaluationPeriods: 2,
      TreatMissingData: "breaching",
    });
    return { "alarm-1-sqs-msg": await receive(), "alarm-1-describe": await described(AlarmName) };
  },
  "test_enable_disable_alarm_actions[json]": async () => {
    const { topic, receive } = await topicWithQueue();
    const AlarmName = unique("switched");
    await alarm({
      AlarmName,
      AlarmDescription: "testing cloudwatch alarms",
      MetricName: "my-metric101",
      Namespace: unique("ns"),
      Period: 10,
      Threshold: 2,
      Dimensions: instance,
      Unit: "Seconds",
      Statistic: "Average",
      OKActions: [topic],
      AlarmActions: [topic],
      EvaluationPeriods: 2,
      TreatMissingData: "ignore",
    });
    const answers: Record<string, unknown> = { describe_alarm: await described(AlarmName) };
    await set(AlarmName, "ALARM", "testing alarm");
    answers["alarm-state-sqs-msg"] = await receive();
    answers["alarm-state-describe"] = await described(AlarmName);
    await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
    await set(AlarmName, "OK", "testing OK state");
    answers["describe_alarm_disabled"] = await described(AlarmName);
    answers["ok-state-action-disabled-describe"] = await described(AlarmName);
    await cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames: [AlarmName] }));
    answers["describe_alarm_enabled"] = await described(AlarmName);
    return answers;
  },
  "test_describe_minimal_metric_alarm[json]": async () => {
    const AlarmName = unique("minimal");
    await alarm({ AlarmName, MetricName: "m", Namespace: "ns", Period: 10, Statistic: "Sum", Threshold: 30 });
    return { describe_minimal_metric_alarm: await described(AlarmName) };
  },
  "test_delete_alarm[json]": async () => {
    const AlarmName = unique("deleted");
    await alarm({
      AlarmName,
      MetricName: "metric1",
      Namespace: "ns",
      Period: 60,
      Statistic: "Sum",
      Threshold: 30,
    });
    return {
      "describe-alarm": await described(AlarmName),
      "delete-alarm": await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })),
      "describe-after-delete": await described(AlarmName),
    };
  },
  "test_set_alarm[json]": async () => {
    const onAlarm = await topicWithQueue();
    const onOk = await topicWithQueue();
    await alarm({
      AlarmName: "test-alarm",
      AlarmDescription: "Test Alarm when CPU exceeds 50 percent",
      MetricName: "CPUUtilization-3",
      Namespace: "AWS/EC2",
      ActionsEnabled: true,
      Period: 300,
      Threshold: 50,
      Dimensions: [{ Name: "InstanceId", Value: "i-0317828c84edbe100" }],
      Unit: "Percent",
      Statistic: "Average",
      OKActions: [onOk.topic],
      AlarmActions: [onAlarm.topic],
      EvaluationPeriods: 2,
      TreatMissingData: "ignore",
    });
    const trigger = {
      MetricName: "CPUUtilization-3",
      Namespace: "AWS/EC2",
      Unit: "Percent",
      Period: 300,
      EvaluationPeriods: 2,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 50,
      TreatMissingData: "ignore",
      EvaluateLowSampleCountPercentile: "",
      Dimensions: [{ value: "i-0317828c84edbe100", name: "InstanceId" }],
      StatisticType: "Statistic",
      Statistic: "AVERAGE",
    };
    await set("test-alarm", "ALARM", "testing alarm");
    expect(await onAlarm.receive()).toMatchObject({
      NewStateValue: "ALARM",
      NewStateReason: "testing alarm",
      Trigger: trigger,
    });
    const triggered = await described("test-alarm");
    await set("test-alarm", "OK", "resetting alarm");
    expect(await onOk.receive()).toMatchObject({
      NewStateValue: "OK",
      NewStateReason: "resetting alarm",
      Trigger: trigger,
    });
    return { "triggered-alarm": triggered, "reset-alarm": await described("test-alarm") };
  },
  "test_set_alarm_invalid_input[json]": async () => ({
    "error-invalid-state": await failure(set("no-alarm", "INVALID", "test")),
    "error-resource-not-found": await failure(set("no-alarm", "OK", "test")),
  }),
  test_put_metric_alarm: async () => {
    const { topic, receive } = await topicWithQueue();
    const [AlarmName, Namespace] = [unique("test-alarm"), unique("test-nsp")];
    await alarm({
      AlarmName,
      AlarmDescription: "testing cloudwatch alarms",
      MetricName: "my-metric1",
      Namespace,
      ActionsEnabled: true,
      Period: 10,
      Threshold: 21,
      Dimensions: instance,
      Unit: "Seconds",
      Statistic: "Average",
      OKActions: [topic],
      AlarmActions: [topic],
      TreatMissingData: "ignore",
    });
    const before = await described(AlarmName);
    const datum = { MetricName: "my-metric1", Dimensions: instance, Unit: "Seconds" as const };
    const Timestamp = new Date(test.world.clock.now());
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace,
        MetricData: [
          { ...datum, Value: 21, Timestamp },
          { ...datum, Value: 22, Timestamp },
        ],
      }),
    );
    return {
      "describe-alarm": before,
      "alarm-triggered-sqs-msg": await receive(),
      "describe-alarm-history": await cloudwatch.send(
        new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: "StateUpdate" }),
      ),
      "describe-alarms-for-metric": await cloudwatch.send(
        new DescribeAlarmsForMetricCommand({
          MetricName: "my-metric1",
          Namespace,
          Dimensions: instance,
          Statistic: "Average",
        }),
      ),
    };
  },
  "test_tagging_metric_alarm[json]": async () => {
    const AlarmName = unique("a");
    const put = await alarm({
      AlarmName,
      Namespace: "ns",
      MetricName: "store_tags",
      Period: 60,
      Statistic: "Sum",
      Threshold: 30,
      Tags: [{ Key: "Environment", Value: "Production" }],
    });
    return { put_metric_alarm: put, ...(await tagging(AlarmName, "list_tags_for_resource_after_creation")) };
  },
  "test_tagging_composite_alarm[json]": async () => {
    const [child, AlarmName] = [unique("a"), unique("composite-a")];
    await alarm({
      AlarmName: child,
      Namespace: "ns",
      MetricName: "m",
      Period: 60,
      Statistic: "Sum",
      Threshold: 30,
    });
    await cloudwatch.send(
      new PutCompositeAlarmCommand({
        AlarmName,
        AlarmRule: `ALARM("${child}")`,
        Tags: [{ Key: "Environment", Value: "Production" }],
      }),
    );
    return tagging(AlarmName, "list_tags_for_resource_after_creation ");
  },
};

describe.skipIf(!cases)("CloudWatch answers as AWS was recorded", () => {
  it.each(Object.keys(cases ?? {}))("%s", async (name) => {
    const replay = replays[name.split("::").at(-1)!];
    expect(replay, `no replay is written for ${name}`).toBeDefined();

    const answers = await replay!();

    // "ActionExecutedAfterMuteWindow" came to the alarm's message in 2026, after some of the recordings.
    const placeholders = {
      account: test.world.account,
      newer: ["ActionExecutedAfterMuteWindow"],
      absent: ["QueryErrorCode"],
      meanings: new Map<string, string>(),
    };
    expect(differences(cases![name]!["recorded-content"], answers, placeholders)).toEqual([]);
    passed += 1;
  });
});
