import {
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  PutCompositeAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect, vi } from "vitest";
import {
  alarm,
  arnOf,
  cloudwatch,
  described,
  instance,
  invocations,
  set,
  test,
  topicWithQueue,
  unique,
} from "./world.ts";

/** What was asked in the recordings of what an alarm does; the answers stand under the recording's own keys. */
export const actionReplays: Record<string, () => Promise<Record<string, unknown>>> = {
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
};
