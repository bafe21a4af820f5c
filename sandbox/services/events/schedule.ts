import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { cronTimes } from "./cron.ts";

const MINUTE = 60_000;
const UNITS: Record<string, number> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };

/** Calls `fire` at each time of a `rate(…)` or `cron(…)` expression (UTC); the returned function stops it. */
export function schedule(world: World, expression: string, fire: () => void): () => void {
  const next = nextTime(expression);
  let cancel = () => {};
  const arm = (after: number) => {
    const due = next(after);
    if (due === undefined) return;
    cancel = world.clock.after(due - world.clock.now(), () => {
      // From when it was due, so that lateness does not add up; times that were slept through are not made up for.
      arm(Math.max(due, world.clock.now() - MINUTE));
      fire();
    });
  };
  arm(world.clock.now());
  return () => cancel();
}

/** The first time after a moment, epoch milliseconds; undefined when none comes. Throws for what EventBridge refuses. */
export function nextTime(expression: string): (after: number) => number | undefined {
  const invalid = () =>
    new ServiceException("ValidationException", "Parameter ScheduleExpression is not valid.");
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) {
    const count = Number(rate[1]);
    if (count < 1 || (count === 1) !== (rate[3] === "")) throw invalid();
    const every = count * UNITS[rate[2]!]!;
    return (after) => after + every;
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  const times = fields ? cronTimes(fields) : undefined;
  if (!times) throw invalid();
  return times;
}
