import type { World } from "../../world.ts";
import { parseRule } from "./rule.ts";
import { type Alarm, alarmsState, instant } from "./state.ts";
import { transition } from "./transition.ts";

const nameOf = (alarm: string) => alarm.split(":alarm:").at(-1)!;

/** Evaluates every composite alarm until none changes; a change of one may change another. */
export function evaluateComposites(world: World, changed: string | undefined): void {
  const { alarms } = alarmsState(world);
  for (const alarm of alarms.values()) {
    if (!alarm.composite) continue;
    const { holds, alarms: children } = parseRule(alarm.composite.AlarmRule!);
    const names = children.map(nameOf);
    if (changed !== undefined && !names.includes(changed)) continue;
    const value = holds((name) => alarms.get(nameOf(name))?.state.value) ? "ALARM" : "OK";
    if (value === alarm.state.value) continue;
    const by = changed === undefined ? undefined : alarms.get(changed);
    transition(world, alarm, {
      value,
      reason: by ? `${by.arn} transitioned to ${by.state.value} at ${dayText(by.state.transitionedAt)}` : `The rule is ${value === "ALARM"} when first evaluated`,
      reasonData: by ? JSON.stringify({ triggeringAlarms: [trigger(by)] }) : undefined,
    });
    evaluateComposites(world, alarm.name);
  }
}

const trigger = (alarm: Alarm) => ({ arn: alarm.arn, state: { value: alarm.state.value, timestamp: instant(alarm.state.transitionedAt) } });

/** `Friday 21 November, 2026 06:10:00 UTC` */
function dayText(at: number): string {
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(at);
  return `${part({ weekday: "long" })} ${part({ day: "2-digit" })} ${part({ month: "long" })}, ${part({ year: "numeric" })} ${part({ hour: "2-digit", minute: "2-digit", second: "2-digit" })} UTC`;
}
