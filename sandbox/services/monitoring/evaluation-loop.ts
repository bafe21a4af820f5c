import type { World } from "../../world.ts";
import { evaluateComposites } from "./composite.ts";
import { evaluate, periodOf } from "./evaluate.ts";
import { type Alarm, alarmsState } from "./state.ts";
import { transition } from "./transition.ts";

/** Sandbox milliseconds between two looks; periods below a minute are evaluated at each, others once a minute. */
const TICK = 10_000;
/** Reports of a period that has just closed may still be under way for this long. */
const GRACE = 5_000;
const MINUTE = 60_000;

/** Evaluates all metric alarms as time goes by. */
export function startEvaluation(world: World): () => void {
  let lastMinute = Math.floor(world.clock.now() / MINUTE);
  return world.clock.every(TICK / 2, () => {
    const now = world.clock.now();
    const minute = Math.floor((now - GRACE) / MINUTE);
    const newMinute = minute > lastMinute;
    if (newMinute) lastMinute = minute;
    for (const alarm of alarmsState(world).alarms.values())
      if (alarm.metric && (newMinute || periodOf(alarm.metric) < 60)) evaluateAlarm(world, alarm, now - GRACE);
  });
}

/** Evaluates one alarm; composite alarms that depend on it follow a change. */
export function evaluateAlarm(world: World, alarm: Alarm, now: number): void {
  const verdict = evaluate(world, alarm.metric!, now);
  if (!verdict) return;
  // An alarm set by hand keeps its state until its next period, as on AWS until the next evaluation.
  const changed = verdict.value !== alarm.state.value;
  transition(world, alarm, verdict);
  if (changed) evaluateComposites(world, alarm.name);
}
