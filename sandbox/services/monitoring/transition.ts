import type { World } from "../../world.ts";
import { configurationOf } from "./configuration.ts";
import { type Alarm, type AlarmState, alarmsState, type StateValue } from "./state.ts";
import { actOn } from "./suppression.ts";
import { told } from "./told.ts";

/** Puts an alarm into a state. Actions, the event and the history belong to a change of state only. */
export function transition(
  world: World,
  alarm: Alarm,
  to: { value: StateValue; reason: string; reasonData?: string | undefined },
): void {
  const now = world.clock.now();
  const from = alarm.state;
  const changed = from.value !== to.value;
  alarm.state = {
    value: to.value,
    reason: to.reason,
    reasonData: to.reasonData,
    updatedAt: now,
    transitionedAt: changed ? now : from.transitionedAt,
    suppressed: changed ? undefined : from.suppressed,
  };
  if (!changed) return;
  alarmsState(world).history.push({
    alarm: alarm.name,
    kind: alarm.kind,
    at: now,
    type: "StateUpdate",
    summary: `Alarm updated from ${from.value} to ${to.value}`,
    data: JSON.stringify({ version: "1.0", oldState: recorded(from), newState: recorded(alarm.state) }),
  });
  world.log("alarm", `${alarm.name}: ${from.value} → ${to.value}`, { alarm: alarm.name, state: to.value });
  // Decides first whether the actions are held back: the event says so.
  const run = actOn(world, alarm, from);
  world.emit({
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: told(alarm.state),
      previousState: told(from),
      configuration: configurationOf(alarm),
    },
  });
  run();
}

const recorded = ({ value, reason, reasonData }: AlarmState) => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData ? { stateReasonData: JSON.parse(reasonData) } : {}),
});
