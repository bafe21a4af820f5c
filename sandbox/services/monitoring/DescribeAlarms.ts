import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import type { World } from "../../world.ts";
import { compositeAnswer, metricAnswer } from "./answers.ts";
import { childrenOf } from "./composite.ts";
import { page } from "./paging.ts";
import { type Alarm, alarmArn, alarmNamed, alarmsState, validationError } from "./state.ts";

/** Alarms by name, prefix, state, action, or family; metric alarms only unless other types are asked for. */
export const DescribeAlarms = operation<
  DescribeAlarmsCommandInput,
  Omit<DescribeAlarmsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "cloudwatch:DescribeAlarms",
      resources: input.AlarmNames?.length
        ? input.AlarmNames.map((name) => alarmArn(world, name))
        : [alarmArn(world, "*")],
    },
  ],
  run: (input, { world }) => {
    if (input.AlarmNames?.length && input.AlarmNamePrefix !== undefined)
      throw validationError("AlarmNames and AlarmNamePrefix are mutually exclusive");
    const types = input.AlarmTypes?.length ? input.AlarmTypes : defaultTypes(input);
    const found = family(world, input)
      .filter((alarm) => types.includes(alarm.kind) && wanted(alarm, input))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const { items, NextToken } = page(found, input.MaxRecords ?? 50, input.NextToken);
    return {
      MetricAlarms: items.filter(({ metric }) => metric).map(metricAnswer),
      CompositeAlarms: items.filter(({ composite }) => composite).map(compositeAnswer),
      ...(NextToken ? { NextToken } : {}),
    };
  },
});

/** A question about a family is about alarms of every type. */
const defaultTypes = (input: DescribeAlarmsCommandInput): Alarm["kind"][] =>
  input.ChildrenOfAlarmName || input.ParentsOfAlarmName ? ["MetricAlarm", "CompositeAlarm"] : ["MetricAlarm"];

function family(
  world: World,
  { ChildrenOfAlarmName: of, ParentsOfAlarmName }: DescribeAlarmsCommandInput,
): Alarm[] {
  const all = [...alarmsState(world).alarms.values()];
  if (of !== undefined) {
    const parent = alarmNamed(world, of);
    const children = parent ? childrenOf(parent) : [];
    return all.filter(({ name }) => children.includes(name));
  }
  if (ParentsOfAlarmName !== undefined)
    return all.filter((alarm) => childrenOf(alarm).includes(ParentsOfAlarmName));
  return all;
}

function wanted(alarm: Alarm, input: DescribeAlarmsCommandInput): boolean {
  const {
    OKActions = [],
    AlarmActions = [],
    InsufficientDataActions = [],
  } = (alarm.metric ?? alarm.composite)!;
  const actions = [...OKActions, ...AlarmActions, ...InsufficientDataActions];
  return (
    (!input.AlarmNames?.length || input.AlarmNames.includes(alarm.name)) &&
    alarm.name.startsWith(input.AlarmNamePrefix ?? "") &&
    (input.StateValue === undefined || alarm.state.value === input.StateValue) &&
    (input.ActionPrefix === undefined || actions.some((action) => action.startsWith(input.ActionPrefix!)))
  );
}
