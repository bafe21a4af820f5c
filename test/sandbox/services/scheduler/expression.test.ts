import { describe, expect, it } from "vitest";
import { timesOf } from "../../../../sandbox/services/scheduler/expression.ts";

const ms = (text: string) => Date.parse(text);
/** The next times after a moment, in UTC. */
function following(expression: string, timezone: string, after: string, count = 3): string[] {
  const times = timesOf(expression, timezone);
  const found: string[] = [];
  let at = times.first(ms(after));
  while (at !== undefined && found.length < count) {
    found.push(new Date(at).toISOString().replace(":00.000Z", "Z"));
    at = times.next(at);
  }
  return found;
}

describe("the times of a schedule", () => {
  it("are the month's first Tuesday, in the schedule's own time zone", () => {
    expect(following("cron(0 9 ? * 3#1 *)", "Europe/Berlin", "2026-02-10T00:00:00Z")).toEqual([
      "2026-03-03T08:00Z",
      "2026-04-07T07:00Z",
      "2026-05-05T07:00Z",
    ]);
  });

  it("leave out what the clocks skip in spring", () => {
    expect(following("cron(30 2 * * ? *)", "Europe/Berlin", "2026-03-28T00:00:00Z", 2)).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-30T00:30Z",
    ]);
  });

  it("come once when the clocks show them twice in autumn", () => {
    expect(following("cron(30 2 * * ? *)", "Europe/Berlin", "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
    ]);
  });

  it("of a rate begin at once; of at() come once", () => {
    expect(following("rate(2 days)", "UTC", "2026-03-28T00:00:00Z", 2)).toEqual([
      "2026-03-28T00:00Z",
      "2026-03-30T00:00Z",
    ]);
    expect(following("at(2026-07-01T09:00:00)", "America/New_York", "2026-03-28T00:00:00Z")).toEqual([
      "2026-07-01T13:00Z",
    ]);
    expect(following("at(2026-01-01T09:00:00)", "UTC", "2026-03-28T00:00:00Z")).toEqual([]);
  });

  it.each(["cron(0 9 * * * *)", "rate(0 minutes)", "at(tomorrow)", "every day"])(
    "refuse %s",
    (expression) => {
      expect(() => timesOf(expression, "UTC")).toThrow(`Invalid Schedule Expression ${expression}.`);
    },
  );

  it("refuse a time zone that there is not", () => {
    expect(() => timesOf("cron(0 9 * * ? *)", "Middle/Earth")).toThrow("Timezone Middle/Earth");
  });
});
