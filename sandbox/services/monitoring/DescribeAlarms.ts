import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { compositeAnswer, metricAnswer } from "./answers.ts";
import { type Alarm, alarmArn, alarmsState } from "./state.ts";

/** Alarms by name, prefix, state or type. */
export const DescribeAlarms = operation<DescribeAlarmsCommandInput, Omit<DescribeAlarmsCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [{ action: "cloudwatch:DescribeAlarms", resources: (input.AlarmNames ?? ["*"]).map((name) => alarmArn(world, name)) }],
  run: (input, { world }) => {
    const types = input.AlarmTypes ?? ["MetricAlarm"];
    const wanted = (alarm: Alarm) =>
      (input.AlarmNames === undefined || input.AlarmNames.includes(alarm.name)) &&
      alarm.name.startsWith(input.AlarmNamePrefix ?? "") &&
      (input.StateValue === undefined || alarm.state.value === input.StateValue) &&
      (input.ActionPrefix === undefined || ((alarm.metric ?? alarm.composite)?.AlarmActions ?? []).some((action) => action.startsWith(input.ActionPrefix!)));
    const found = [...alarmsState(world).alarms.values()].filter(wanted);
    return {
      MetricAlarms: types.includes("MetricAlarm") ? found.filter(({ metric }) => metric).map(metricAnswer) : [],
      CompositeAlarms: types.includes("CompositeAlarm") ? found.filter(({ composite }) => composite).map(compositeAnswer) : [],
    };
  },
});
