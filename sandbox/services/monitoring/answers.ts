import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Alarm } from "./state.ts";

const common = ({ state, actionsEnabled, arn, name, configuredAt }: Alarm) => ({
  AlarmName: name,
  AlarmArn: arn,
  ActionsEnabled: actionsEnabled,
  AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
  StateValue: state.value,
  StateReason: state.reason,
  StateReasonData: state.reasonData,
  StateUpdatedTimestamp: new Date(state.updatedAt),
  StateTransitionedTimestamp: new Date(state.transitionedAt),
});

const actions = (given: MetricAlarm | CompositeAlarm) => ({
  OKActions: given.OKActions ?? [],
  AlarmActions: given.AlarmActions ?? [],
  InsufficientDataActions: given.InsufficientDataActions ?? [],
});

/** A metric alarm as DescribeAlarms answers it. */
export function metricAnswer(alarm: Alarm): MetricAlarm {
  const given = alarm.metric!;
  return { ...given, Dimensions: given.Dimensions ?? [], ...actions(given), ...common(alarm) };
}

/** A composite alarm as DescribeAlarms answers it. */
export function compositeAnswer(alarm: Alarm): CompositeAlarm {
  const { suppressed } = alarm.state;
  return {
    ...alarm.composite!,
    ...actions(alarm.composite!),
    ...common(alarm),
    ...(suppressed ? { ActionsSuppressedBy: suppressed.by, ActionsSuppressedReason: suppressed.reason } : {}),
  };
}
