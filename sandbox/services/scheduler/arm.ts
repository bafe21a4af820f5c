import { randomInt } from "node:crypto";
import type { World } from "../../world.ts";
import { timesOf } from "./expression.ts";
import { invoke } from "./invoke.ts";
import { keyOf, type Schedule, schedules } from "./state.ts";

const MINUTE = 60_000;

/** Waits for the schedule's next time, again and again, until it is changed, deleted or over. */
export function arm(world: World, schedule: Schedule): void {
  const { given } = schedule;
  const times = timesOf(given.ScheduleExpression!, given.ScheduleExpressionTimezone ?? "UTC");
  const once = given.ScheduleExpression!.startsWith("at(");
  const start = once ? undefined : given.StartDate?.getTime();
  const end = once ? undefined : given.EndDate?.getTime();
  const wait = (due: number | undefined): void => {
    if (due === undefined || (end !== undefined && due > end)) {
      over(world, schedule);
      return;
    }
    const window =
      given.FlexibleTimeWindow?.Mode === "FLEXIBLE"
        ? randomInt(0, (given.FlexibleTimeWindow.MaximumWindowInMinutes ?? 0) * MINUTE)
        : 0;
    // The window lies behind the time: the next time counts from when this one was due.
    schedule.cancel = world.clock.after(due + window - world.clock.now(), () => {
      wait(times.next(Math.max(due, world.clock.now() - window - MINUTE)));
      if ((given.State ?? "ENABLED") === "ENABLED") void invoke(world, schedule);
    });
  };
  wait(times.first(Math.max(start ?? 0, world.clock.now())));
}

/** After its last time a schedule stays, unless it was to be deleted then. */
function over(world: World, { given, group, name }: Schedule): void {
  if (given.ActionAfterCompletion === "DELETE") schedules(world).delete(keyOf(group, name));
}
