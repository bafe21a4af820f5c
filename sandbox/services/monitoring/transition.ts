import type { World } from "../../world.ts";
import { runActions } from "./actions.ts";
import { configurationOf } from "./configuration.ts";
import { type Alarm, alarmsState, instant, type StateValue } from "./state.ts";

/** Puts an alarm into a state. Actions, the event and the history belong to a change of state only. */
export function transition(world: World, alarm: Alarm, to: { value: StateValue; reason: string; reasonData?: string | undefined }): void {
  const now = world.clock.now();
  const from = alarm.state;
  const changed = from.value !== to.value;
  alarm.state = {
    value: to.value,
    reason: to.reason,
    reasonData: to.reasonData,
    updatedAt: now,
    transitionedAt: changed ? now : from.transitionedAt,
  };
  if (!changed) return;
  const data = (state: { value: string; reason: string; reasonData: string | undefined }) => ({
    stateValue: state.value,
    stateReason: state.reason,
    ...(state.reasonData ? { stateReasonData: JSON.parse(state.reasonData) } : {}),
  });
  alarmsState(world).history.push({
    alarm: alarm.name,
    kind: alarm.kind,
    at: now,
    type: "StateUpdate",
    summary: `Alarm updated from ${from.value} to ${to.value}`,
    data: JSON.stringify({ version: "1.0", oldState: data(from), newState: data(alarm.state) }),
  });
  const stateOf = (state: Alarm["state"]) => ({
    value: state.value,
    reason: state.reason,
    ...(state.reasonData ? { reasonData: state.reasonData } : {}),
    timestamp: instant(state.updatedAt),
  });
  world.log("alarm", `${alarm.name}: ${from.value} → ${to.value}`, { alarm: alarm.name, state: to.value });
  world.emit({
    source: "aws.cloudwatch",
    "detail-type": "CloudWatch Alarm State Change",
    resources: [alarm.arn],
    detail: { alarmName: alarm.name, state: stateOf(alarm.state), previousState: stateOf(from), configuration: configurationOf(alarm) },
  });
  if (alarm.actionsEnabled) runActions(world, alarm, { state: stateOf(alarm.state), previousState: stateOf(from) });
}
