import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsForMetricCommand,
  PutCompositeAlarmCommand,
  PutMetricDataCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect } from "vitest";
import { failure } from "../comparison.ts";
import {
  alarm,
  arnOf,
  cloudwatch,
  described,
  instance,
  set,
  tagsOf,
  test,
  topicWithQueue,
  unique,
} from "./world.ts";

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

/** What was asked in the recordings of alarms themselves; the answers stand under the recording's own keys. */
export const alarmReplays: Record<string, () => Promise<Record<string, unknown>>> = {
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
