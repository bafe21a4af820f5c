/** The six fields of a cron expression of EventBridge: name, smallest and largest number, names of them, and what else may stand there. */
const FIELDS: { name: string; least: number; most: number; names: string[]; also?: RegExp }[] = [
  { name: "minutes", least: 0, most: 59, names: [] },
  { name: "hours", least: 0, most: 23, names: [] },
  { name: "day of month", least: 1, most: 31, names: [], also: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  {
    name: "month",
    least: 1,
    most: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  {
    name: "day of week",
    least: 1,
    most: 7,
    names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    also: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/i,
  },
  { name: "year", least: 1970, most: 2199, names: [] },
];

/**
 * What is wrong with a `cron(…)` or `rate(…)` expression of EventBridge Scheduler; undefined when nothing is. It is not the
 * cron of Unix: six fields, one of the two days is `?`, and Sunday is 1.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function wrongSchedule(expression: string): string | undefined {
  if (expression.startsWith("rate("))
    return /^rate\([1-9]\d* (minute|hour|day)s?\)$/.test(expression)
      ? undefined
      : "a rate is a number above zero and minutes, hours or days: rate(7 days)";
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  if (fields.length !== FIELDS.length)
    return `a cron expression of EventBridge has six fields (${FIELDS.map(({ name }) => name).join(", ")}), and this has ${fields.length}: cron(0 9 ? * 3#1 *)`;
  if ((fields[2] === "?") === (fields[4] === "?"))
    return "exactly one of day of month and day of week is ?: cron(0 9 1 * ? *)";
  const wrong = FIELDS.findIndex((field, index) => !fits(fields[index]!, field));
  if (wrong < 0) return undefined;
  const { name, least, most } = FIELDS[wrong]!;
  return `"${fields[wrong]}" is no ${name}, which is ${least} to ${most}`;
}

/** `*`, `5`, `1-5`, `1,3`, `0/15`, `8-17/2`, names. */
function fits(text: string, { least, most, names, also }: (typeof FIELDS)[number]): boolean {
  if (also?.test(text)) return true;
  const inside = (part: string) =>
    names.includes(part.toUpperCase()) ||
    (/^\d{1,4}$/.test(part) && Number(part) >= least && Number(part) <= most);
  return text.split(",").every((part) => {
    const [, range = "", step] = /^([^/]+)(?:\/(.+))?$/.exec(part) ?? [];
    const ends = range.split("-");
    return (
      (range === "*" || (ends.length <= 2 && ends.every(inside))) &&
      (step === undefined || /^[1-9]\d{0,3}$/.test(step))
    );
  });
}
