import { z } from "zod";
import { wrongSchedule } from "../schedule.ts";

/** Named schedules, in EventBridge Scheduler's words. In the morning of a working day: somebody reads what comes of it. */
export const NAMED = {
  monthly: "cron(0 9 ? * 3#1 *)",
  weekly: "cron(0 9 ? * 3 *)",
} as const;

const EVERY = /^(monthly|weekly|off|(cron|rate)\([^()]+\))$/;

/** The plan's section `practice`: absent, nothing is practised. */
export const Practice = z
  .strictObject({
    every: z
      .string()
      .regex(EVERY, "monthly, weekly, off, or a cron(…) or rate(…) expression of EventBridge Scheduler")
      .superRefine((every, context) => {
        const wrong = every.includes("(") ? wrongSchedule(every) : undefined;
        if (wrong) context.addIssue({ code: "custom", message: wrong });
      })
      .default("monthly")
      .describe(
        "when: `monthly` and `weekly` are a Tuesday at 9:00, the month's first one; a cron(…) or rate(…) expression; `off` leaves it to a person",
      ),
    timezone: z
      .string()
      .refine(isTimeZone, 'a time zone of the IANA database, for example "Europe/Berlin"')
      .default("UTC")
      .describe("time zone of `every`, as the IANA database names it"),
    within: z
      .string()
      .regex(/^\d{1,4}(m|h)$/, 'a number and m or h, for example "1h"')
      .default("1h")
      .describe("it begins at some moment in this time after that; 0m: at once, 24h at the most"),
  })
  .describe(
    "practice: restores to throw-away copies, checks and measures them, and deletes them again; needs steps that can be practised",
  );

export type Practice = z.output<typeof Practice>;

/** As EventBridge Scheduler has it; undefined when only a person starts it. */
export const scheduleOf = ({ every }: Practice): string | undefined =>
  every === "off" ? undefined : (NAMED[every as keyof typeof NAMED] ?? every);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
