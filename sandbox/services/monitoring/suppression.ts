import type { World } from "../../world.ts";
import { runActions } from "./actions.ts";
import { type Alarm, type AlarmState, alarmNamed, alarmsState } from "./state.ts";
import { told } from "./told.ts";

/**
 * Decides about the actions of a change of state; call the result to run those that nothing holds back. A composite
 * alarm with a suppressor holds them back while the suppressor is in ALARM, for the wait period to see whether it
 * comes, and for the extension period after it went
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Composite_Alarm_Suppression.html).
 */
export function actOn(world: World, alarm: Alarm, from: AlarmState): () => void {
  alarm.pending?.cancel();
  alarm.pending = undefined;
  const run = () => {
    if (alarm.actionsEnabled)
      runActions(world, alarm, { state: told(alarm.state), previousState: told(from) });
  };
  const { ActionsSuppressor, ActionsSuppressorWaitPeriod = 0 } = alarm.composite ?? {};
  if (!ActionsSuppressor) return run;
  const release = () => {
    alarm.pending = undefined;
    alarm.state.suppressed = undefined;
    run();
  };
  const suppressor = alarmNamed(world, ActionsSuppressor);
  if (suppressor?.state.value === "ALARM") suppressedBy(alarm, suppressor, release);
  else if (ActionsSuppressorWaitPeriod > 0)
    waiting(world, alarm, "WaitPeriod", ActionsSuppressorWaitPeriod, release);
  else return run;
  return () => {};
}

/** Tells the composite alarms whose actions `changed` holds back of its new state. */
export function suppressorChanged(world: World, changed: Alarm): void {
  for (const alarm of alarmsState(world).alarms.values()) {
    const { ActionsSuppressor = "", ActionsSuppressorExtensionPeriod = 0 } = alarm.composite ?? {};
    if (!alarm.pending || alarmNamed(world, ActionsSuppressor) !== changed) continue;
    const { release, cancel } = alarm.pending;
    cancel();
    if (changed.state.value === "ALARM") suppressedBy(alarm, changed, release);
    else waiting(world, alarm, "ExtensionPeriod", ActionsSuppressorExtensionPeriod, release);
  }
}

function suppressedBy(alarm: Alarm, suppressor: Alarm, release: () => void): void {
  alarm.state.suppressed = { by: "Alarm", reason: `Actions suppressed by ${suppressor.arn}` };
  alarm.pending = { release, cancel: () => {} };
}

function waiting(
  world: World,
  alarm: Alarm,
  by: "WaitPeriod" | "ExtensionPeriod",
  seconds: number,
  release: () => void,
): void {
  alarm.state.suppressed = { by, reason: `Actions suppressed by ${by}` };
  alarm.pending = { release, cancel: world.clock.after(seconds * 1000, release) };
}
