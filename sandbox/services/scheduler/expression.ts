import { ServiceException } from "../../service.ts";
import { cronTimes } from "../events/cron.ts";

const MINUTE = 60_000;
const UNITS: Record<string, number> = { minute: MINUTE, hour: 60 * MINUTE, day: 24 * 60 * MINUTE };

/** When a schedule is due, in sandbox time. */
export interface Times {
  /** The first time at all, for one without a start; undefined when none comes. */
  first(now: number): number | undefined;
  /** The first time after one that was due; undefined when none comes. */
  next(after: number): number | undefined;
}

const invalid = (expression: string) =>
  new ServiceException("ValidationException", `Invalid Schedule Expression ${expression}.`);

/**
 * The times of a `rate(…)`, `cron(…)` or `at(…)` expression in a time zone
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html). A rate begins at once; a day is
 * 24 hours. A cron time that the clocks skip is skipped, one that they repeat comes once.
 */
export function timesOf(expression: string, timezone: string): Times {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const every = Number(rate[1]) * UNITS[rate[2]!]!;
    if (every === 0) throw invalid(expression);
    return { first: (now) => now, next: (after) => after + every };
  }
  const zone = zoneOf(timezone);
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  if (at) {
    const wall = Date.parse(`${at}Z`);
    if (Number.isNaN(wall)) throw invalid(expression);
    const due = zone.instant(wall) ?? wall;
    const later = (now: number) => (due >= now ? due : undefined);
    return { first: later, next: () => undefined };
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  const walls = fields ? cronTimes(fields) : undefined;
  if (!walls) throw invalid(expression);
  const next = (after: number): number | undefined => {
    for (let wall = walls(zone.wall(after)); wall !== undefined; wall = walls(wall)) {
      const instant = zone.instant(wall);
      if (instant !== undefined && instant > after) return instant;
    }
    return undefined;
  };
  return { first: next, next };
}

/** What the clocks on the wall show in a time zone, as if it were UTC. */
function zoneOf(timezone: string): {
  wall(instant: number): number;
  /** The first moment at which they show that; undefined when they never do. */
  instant(wall: number): number | undefined;
} {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new ServiceException("ValidationException", `Invalid Schedule Expression Timezone ${timezone}.`);
  }
  const wall = (instant: number): number => {
    const part = Object.fromEntries(
      format.formatToParts(new Date(instant)).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  return {
    wall,
    instant: (shown) => {
      // The offsets on both sides of a change, the earlier moment first.
      const guesses = [-1, 1].map(
        (day) => shown - (wall(shown + day * UNITS["day"]!) - (shown + day * UNITS["day"]!)),
      );
      return guesses.filter((guess) => wall(guess) === shown).toSorted((left, right) => left - right)[0];
    },
  };
}
