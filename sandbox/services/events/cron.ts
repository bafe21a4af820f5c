const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Years that are looked through for the next time. */
const HORIZON = 5;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Whether a day of a month (midnight, UTC) is meant. */
type DayTest = (date: Date) => boolean;

/**
 * The next time after a moment for EventBridge's six fields: minutes, hours, day of month, month, day of week, year,
 * UTC (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html). Undefined for fields
 * that it refuses.
 */
export function cronTimes(fields: string[]): ((after: number) => number | undefined) | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields;
  // One of the two days must be "?", the other must not.
  if (fields.length !== 6 || (dayOfMonth === "?") === (dayOfWeek === "?")) return undefined;
  const minutes = values(minute!, 0, 59);
  const hours = values(hour!, 0, 23);
  const months = values(month!, 1, 12, MONTHS);
  const years = values(year!, 1970, 2199);
  const day = dayOfWeek === "?" ? monthDay(dayOfMonth!) : weekDay(dayOfWeek!);
  if (!minutes || !hours || !months || !years || !day) return undefined;
  return (after) => {
    const start = Math.floor(after / MINUTE) * MINUTE + MINUTE;
    const first = Math.floor(start / DAY) * DAY;
    for (let midnight = first; midnight < first + HORIZON * 366 * DAY; midnight += DAY) {
      const date = new Date(midnight);
      if (!months.has(date.getUTCMonth() + 1) || !years.has(date.getUTCFullYear()) || !day(date)) continue;
      for (const each of hours)
        for (const past of minutes) {
          const at = midnight + (each * 60 + past) * MINUTE;
          if (at >= start) return at;
        }
    }
    return undefined;
  };
}

/** `*`, `5`, `1-5`, `1,3`, `0/15`, `8-17/2`, names; in ascending order. Undefined when it is none of these. */
function values(text: string, from: number, to: number, names: string[] = []): Set<number> | undefined {
  const number = (part: string) => {
    const named = names.indexOf(part.toUpperCase());
    return named >= 0 ? named + from : /^\d+$/.test(part) ? Number(part) : Number.NaN;
  };
  const found: number[] = [];
  for (const part of text.split(",")) {
    const [range = "", step, ...more] = part.split("/");
    const ends = range === "*" ? [from, to] : range.split("-").map(number);
    const low = ends[0]!;
    const high = ends[1] ?? (step === undefined ? low : to);
    const width = step === undefined ? 1 : Number(step);
    const inside = [low, high].every((each) => each >= from && each <= to);
    if (more.length > 0 || ends.length > 2 || !inside || !(width >= 1) || !Number.isInteger(width))
      return undefined;
    // A range such as FRI-MON goes round.
    const last = high < low ? high + (to - from + 1) : high;
    for (let value = low; value <= last; value += width)
      found.push(value > to ? value - (to - from + 1) : value);
  }
  return new Set(found.toSorted((left, right) => left - right));
}

const lastDay = (date: Date) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** `L` is the month's last day, `15W` the weekday nearest to the 15th, `LW` the last weekday. */
function monthDay(text: string): DayTest | undefined {
  if (text === "L") return (date) => date.getUTCDate() === lastDay(date);
  const near = /^(\d{1,2}|L)W$/.exec(text)?.[1];
  if (near !== undefined) return (date) => date.getUTCDate() === nearestWeekday(date, near);
  const days = values(text, 1, 31);
  return days && ((date) => days.has(date.getUTCDate()));
}

function nearestWeekday(date: Date, wanted: string): number {
  const last = lastDay(date);
  const day = wanted === "L" ? last : Math.min(Number(wanted), last);
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < last ? day + 1 : day - 2;
  return day;
}

/** 1 is Sunday. `6L` is the month's last Friday, `SAT#3` its third Saturday, `L` Saturday. */
function weekDay(text: string): DayTest | undefined {
  if (text === "L") return (date) => date.getUTCDay() === 6;
  const special = /^(\w+?)(?:#([1-5])|(L))$/.exec(text);
  const days = values(special ? special[1]! : text, 1, 7, WEEKDAYS);
  if (!days) return undefined;
  const onDay: DayTest = (date) => days.has(date.getUTCDay() + 1);
  if (!special) return onDay;
  const [, , nth] = special;
  if (nth === undefined) return (date) => onDay(date) && date.getUTCDate() > lastDay(date) - 7;
  return (date) => onDay(date) && Math.ceil(date.getUTCDate() / 7) === Number(nth);
}
