import type { World } from "../../world.ts";
import { dayText } from "./day-text.ts";
import { parseRule } from "./rule.ts";
import { type Alarm, alarmNamed, alarmsState, instant, nameIn } from "./state.ts";
import { suppressorChanged } from "./suppression.ts";
import { transition } from "./transition.ts";

/** Evaluates the composite alarms that look at `changed`; a change of one may change another. */
export function evaluateComposites(world: World, changed: Alarm): void {
  suppressorChanged(world, changed);
  for (const alarm of alarmsState(world).alarms.values()) {
    if (!alarm.composite || !childrenOf(alarm).includes(changed.name)) continue;
    const value = verdictOf(world, alarm);
    if (value === alarm.state.value) continue;
    transition(world, alarm, {
      value,
      reason: `${changed.arn} transitioned to ${changed.state.value} at ${dayText(changed.state.transitionedAt)}`,
      reasonData: JSON.stringify({ triggeringAlarms: [triggering(changed)] }),
    });
    evaluateComposites(world, alarm);
  }
}

/** Evaluates a composite alarm that was just made or changed. */
export function evaluateNew(world: World, alarm: Alarm, created: boolean): void {
  const value = verdictOf(world, alarm);
  if (value === alarm.state.value) return;
  const children = childrenOf(alarm).flatMap((name) => alarmNamed(world, name) ?? []);
  transition(world, alarm, {
    value,
    reason: `${alarm.arn} was ${created ? "created" : "updated"} and its alarm rule evaluates to ${value}`,
    reasonData: JSON.stringify({ triggeringAlarms: children.map(triggering) }),
  });
  evaluateComposites(world, alarm);
}

/** Names of the alarms in a composite alarm's rule. */
export const childrenOf = (alarm: Alarm): string[] =>
  alarm.composite ? parseRule(alarm.composite.AlarmRule!).alarms.map(nameIn) : [];

const verdictOf = (world: World, alarm: Alarm) =>
  parseRule(alarm.composite!.AlarmRule!).holds((name) => alarmNamed(world, name)?.state.value)
    ? "ALARM"
    : "OK";

const triggering = ({ arn, state }: Alarm) => ({
  arn,
  state: { value: state.value, timestamp: instant(state.transitionedAt) },
});
