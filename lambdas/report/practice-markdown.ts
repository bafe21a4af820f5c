import { causeText } from "../messages/cause.ts";
import { lossTime, restoreTime, verdictOf } from "../runtime/practice.ts";
import type { PracticeReportEvent } from "../runtime/protocol.ts";
import { changesTable, code, failurePart, markdownTable, plain } from "./markdown-parts.ts";
import { spanText } from "./spans.ts";

/** The report of a practice as Markdown. Pure. */
export function practiceMarkdown(event: PracticeReportEvent, writtenAt: string): string {
  const { run, failure, cleanFailure, left, assumed, changes, measurements, timeline } = event;
  const times = [
    { name: "start to restored and checked (RTO)", ...restoreTime(event) },
    { name: "newest restorable moment, back from now (RPO)", ...lossTime(event) },
  ];
  return [
    `# Practice of ${plain(run.service)}: ${verdictOf(event).line}`,
    "",
    `Practice ${code(run.id)}, begun ${run.startedAt}, report written ${writtenAt}. The service itself was not touched.`,
    "",
    "## Times",
    "",
    ...markdownTable(
      ["What", "Measured", "Objective", ""],
      times.map(({ name, seconds, objective, met }) => [
        name,
        spanText(seconds ?? undefined),
        spanText(objective),
        met === undefined ? "" : met ? "met" : "**missed**",
      ]),
    ),
    "",
    ...failurePart(failure),
    "## Restored",
    "",
    ...changesTable("What", changes),
    "",
    "## Checks of the copies",
    "",
    ...markdownTable(
      ["Check", "Verdict", "Value", "Must be", "Evidence"],
      measurements.map(({ check, verdict, value = "", limit, evidence }) => [
        check,
        verdict,
        value,
        limit,
        evidence.join("; "),
      ]),
    ),
    "",
    "## Timeline",
    "",
    ...markdownTable(
      ["When", "What"],
      timeline.map(({ at, state }) => [at, state]),
    ),
    "",
    "## Cleaned up",
    "",
    ...(left.length === 0 && cleanFailure === null
      ? ["Everything that this practice made is deleted."]
      : [
          "Still there, to be deleted by hand:",
          "",
          ...markdownTable(
            ["What", "USD a day", "Why"],
            left.map(({ arn, usdPerDay, why }) => [arn, usdPerDay?.toFixed(2) ?? "", why]),
          ),
          ...(cleanFailure ? ["", `> ${plain(causeText(cleanFailure.cause))}`] : []),
        ]),
    "",
    "## Assumed",
    "",
    ...assumed.map((line) => `- ${plain(line)}`),
    "",
  ].join("\n");
}
