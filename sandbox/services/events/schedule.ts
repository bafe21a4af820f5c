import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";

const invalid = () =>
  new ServiceException("ValidationException", "Parameter ScheduleExpression is not valid.");

/** Calls `fire` at each time of a `rate(…)` or `cron(…)` expression (UTC); the returned function stops it. */
export function schedule(world: World, expression: string, fire: () => void): () => void {
  const next = nextTime(expression);
  let cancel = () => {};
  const arm = () => {
    const now = world.clock.now();
    cancel = world.clock.after(next(now) - now, () => {
      arm();
      fire();
    });
  };
  arm();
  return () => cancel();
}

/** The first time after a moment, epoch milliseconds. Throws for an expression EventBridge refuses. */
export function nextTime(expression: string): (after: number) => number {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate) {
    const count = Number(rate[1]);
    if (count < 1 || (count === 1) !== (rate[3] === "")) throw invalid();
    const every = count * { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[rate[2] as "minute"];
    return (after) => after + every;
  }
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (!cron) throw invalid();
  const [, minute, hour, dayOfMonth, month, dayOfWeek, year] = cron as unknown as string[];
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) throw invalid();
  const fields = [
    field(minute!, 0, 59),
    field(hour!, 0, 23),
    field(dayOfMonth!, 1, 31),
    field(month!, 1, 12, [
      "JAN",
      "FEB",
      "MAR",
      "APR",
      "MAY",
      "JUN",
      "JUL",
      "AUG",
      "SEP",
      "OCT",
      "NOV",
      "DEC",
    ]),
    field(dayOfWeek!, 1, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    field(year!, 1970, 2199),
  ] as const;
  return (after) => {
    const MINUTE = 60_000;
    let at = Math.floor(after / MINUTE) * MINUTE + MINUTE;
    const end = after + 5 * 366 * 86_400_000;
    for (; at < end; at += MINUTE) {
      const date = new Date(at);
      if (
        !fields[3].has(date.getUTCMonth() + 1) ||
        !fields[5].has(date.getUTCFullYear()) ||
        !fields[2].has(date.getUTCDate()) ||
        !fields[4].has(date.getUTCDay() + 1)
      ) {
        at = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1) - MINUTE;
        continue;
      }
      if (fields[1].has(date.getUTCHours()) && fields[0].has(date.getUTCMinutes())) return at;
    }
    return Number.MAX_SAFE_INTEGER;
  };
}

function field(
  text: string,
  from: number,
  to: number,
  names: string[] = [],
): { has(value: number): boolean } {
  if (text === "*" || text === "?") return { has: () => true };
  const number = (part: string) => {
    const named = names.indexOf(part.toUpperCase());
    const value = named >= 0 ? named + from : Number(part);
    if (!Number.isInteger(value) || value < from || value > to) throw invalid();
    return value;
  };
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step] = part.split("/");
    const [low, high] =
      range === "*"
        ? [from, to]
        : range.includes("-")
          ? range.split("-").map(number)
          : [number(range), step ? to : number(range)];
    for (let value = low!; value <= high!; value += step ? Number(step) : 1) values.add(value);
  }
  return values;
}
