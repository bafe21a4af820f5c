import type { World } from "../../world.ts";
import { evaluateComposites } from "./composite.ts";
import { evaluate, periodOf } from "./evaluate.ts";
import { type Alarm, alarmsState } from "./state.ts";
import { transition } from "./transition.ts";

/** Sandbox milliseconds between two evaluations of an alarm with periods below a minute. */
const TICK = 10_000;
const MINUTE = 60_000;
/** Sandbox milliseconds after a period's end that its last reports may still be under way. */
const GRACE = 5_000;
/**
 * How long a state set by hand stays at least: until the next minute's evaluation on AWS, and here also three
 * seconds of the machine's time, so that a person or a test sees it at any speed.
 */
const HELD = { sandbox: MINUTE, machine: 3_000 };

/** Evaluates metric alarms shortly after each period's end; a late look at several ends is one look at the last. */
export function startEvaluation(world: World): () => void {
  let lastMinute = Math.floor(world.clock.now() / MINUTE);
  let cancel = () => {};
  const arm = () => {
    const now = world.clock.now();
    const due = Math.floor((now - GRACE) / TICK) * TICK + TICK + GRACE;
    cancel = world.clock.after(due - now, () => {
      arm();
      look();
    });
  };
  const look = () => {
    const end = Math.floor((world.clock.now() - GRACE) / TICK) * TICK;
    const minute = Math.floor(end / MINUTE);
    const newMinute = minute > lastMinute;
    lastMinute = minute;
    for (const alarm of alarmsState(world).alarms.values())
      if (alarm.metric && (newMinute || periodOf(alarm.metric) < 60)) evaluateOne(world, alarm, end);
  };
  arm();
  return () => cancel();
}

/** One alarm that cannot be evaluated (an expression without a result) must not keep the others from it. */
function evaluateOne(world: World, alarm: Alarm, end: number): void {
  const now = world.clock.now();
  const held = Math.max(HELD.sandbox, HELD.machine * world.clock.speed);
  if (alarm.setByHandAt !== undefined && now - alarm.setByHandAt < held) return;
  try {
    const verdict = evaluate(world, alarm.metric!, end, now);
    if (!verdict || verdict.value === alarm.state.value) return;
    transition(world, alarm, verdict);
    evaluateComposites(world, alarm);
  } catch (error) {
    world.log(
      "alarm",
      `${alarm.name} could not be evaluated and keeps its state: ${(error as Error).message}`,
      {
        alarm: alarm.name,
      },
    );
  }
}
