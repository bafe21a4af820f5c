import { subject, wrap } from "../messages/layout.ts";
import type { ReportEvent } from "../runtime/protocol.ts";

/** Something to be done, and by when. */
export interface Due {
  what: string;
  /** ISO 8601. */
  due: string;
}

/** The plan's follow-ups of a run that changed something, the first one first. Pure. */
export function dueFollowUps({ ending, followUps }: ReportEvent, writtenAt: string): Due[] {
  if (ending === "refused") return [];
  return followUps
    .map(({ what, withinSeconds }) => ({
      what,
      due: new Date(Date.parse(writtenAt) + withinSeconds * 1000).toISOString(),
    }))
    .toSorted((left, right) => left.due.localeCompare(right.due));
}

/** One reminder a moment, as the machine that waits for it takes it. Those due at the same time are one mail. Pure. */
export function reminders({ run, ending }: ReportEvent, dues: Due[], report: string) {
  return [...Map.groupBy(dues, ({ due }) => due)].map(([due, all]) => ({
    due,
    subject: subject(`[${run.service}] due now after a rollback: ${all.map(({ what }) => what).join(" ")}`),
    text: [
      `After the run ${run.id} of ${run.service} (${ending}) this is due now, ${due}:`,
      "",
      ...all.map(({ what }) => wrap(`- ${what}`, "  ")),
      "",
      "If it is done, nothing else is needed: reminders ask for no answer.",
      `Report: ${report}`,
      "",
    ].join("\n"),
  }));
}
