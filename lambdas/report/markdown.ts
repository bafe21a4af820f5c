import { causeText } from "../messages/cause.ts";
import type { ReportEvent } from "../runtime/protocol.ts";
import { objectiveRows, spanText } from "./spans.ts";

/** A text from outside on one line, in which nothing is a tag. */
const plain = (text: string) => text.replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
/** The same as code: nothing in it is Markdown, and it ends where it should. */
const code = (text: string) => `\`${text.replace(/[`\s]+/g, " ")}\``;

/** The incident report as Markdown: the parts the machine knows filled in, the others left open for people. Pure. */
export function markdownReport(event: ReportEvent, writtenAt: string): string {
  const { run, decision, failure } = event;
  const rows = objectiveRows(event);
  const table = (head: string[], body: string[][]) => [
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...body.map(
      (row) =>
        `| ${row.map((cell) => plain(cell).replaceAll("\\", "\\\\").replaceAll("|", "\\|")).join(" | ")} |`,
    ),
  ];
  return [
    `# Rollback of ${plain(run.service)}: ${event.outcome}`,
    "",
    `Run ${code(run.id)}, begun ${run.startedAt}, report written ${writtenAt}.`,
    "",
    "## Decision",
    "",
    decision
      ? `**${decision.decision}** at level **${plain(decision.level)}** by rule ${code(decision.rule)}: ${plain(decision.because)}`
      : "No decision was made.",
    ...(event.approval ? ["", `**${event.approval.outcome}**: ${event.approval.because}`] : []),
    "",
    ...(failure
      ? [
          "## Failure",
          "",
          `${code(failure.state)}: **${plain(failure.error)}**`,
          "",
          `> ${plain(causeText(failure.cause))}`,
          "",
        ]
      : []),
    "## Changes",
    "",
    ...table(
      ["Step", "Before → after", "Evidence"],
      Object.entries(event.changes).map(([step, { summary, evidence = [] }]) => [
        step,
        summary,
        evidence.join("; "),
      ]),
    ),
    "",
    ...(event.reverts.length > 0
      ? [
          "## Undone",
          "",
          ...table(
            ["Step", "Undone", "Note"],
            event.reverts.map(({ step, reverted, note }) => [step, reverted ? "yes" : "**no**", note]),
          ),
          "",
        ]
      : []),
    "## Times",
    "",
    ...table(
      ["What", "Measured", "Objective", ""],
      rows.map(({ name, seconds, objective, met }) => [
        name,
        spanText(seconds),
        spanText(objective),
        met === undefined ? "" : met ? "met" : "**missed**",
      ]),
    ),
    "",
    "## Checks",
    "",
    ...table(
      ["Check", "Verdict", "Value", "Must be", "Evidence"],
      [...event.measurements, ...event.checks].map((each) => [
        each.check,
        each.verdict,
        each.value ?? "",
        each.limit,
        each.evidence.join("; "),
      ]),
    ),
    "",
    "## Timeline",
    "",
    ...table(
      ["When", "What"],
      event.timeline.map(({ at, state }) => [at, state]),
    ),
    "",
    "## Root cause",
    "",
    "_To be written._",
    "",
    "## Lessons and follow-ups",
    "",
    "_To be written._ Decide what of the data that was set aside has to come back; bring infrastructure code in line with the changes above.",
    "",
  ].join("\n");
}
