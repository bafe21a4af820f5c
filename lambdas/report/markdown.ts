import type { ReportEvent } from "../runtime/protocol.ts";
import { endingText, keptLines, lossText, lossWindows, otherwise, people, recovery } from "./facts.ts";
import { dueFollowUps } from "./follow-ups.ts";
import { changesTable, code, failurePart, markdownTable, plain } from "./markdown-parts.ts";
import { figure, metricTitle, phaseFigures, type Series } from "./series.ts";
import { objectiveRows, spanText } from "./spans.ts";

/** The incident report as Markdown: the parts the machine knows filled in, the others left open for people. Pure. */
export function markdownReport(event: ReportEvent, writtenAt: string, series: Series[] = []): string {
  const { run, decision, failure } = event;
  const times = objectiveRows(event);
  const [kept, rows, dues] = [keptLines(event), otherwise(event), dueFollowUps(event, writtenAt)];
  return [
    `# Rollback of ${plain(run.service)}: ${event.ending}`,
    "",
    `Run ${code(run.id)}, begun ${run.startedAt}, report written ${writtenAt}.`,
    "",
    ...markdownTable(["What", "Answer"], inShort(event)),
    "",
    "## Decision",
    "",
    decision
      ? `**${decision.decision}** at level **${plain(decision.level)}** by rule ${code(decision.rule)}: ${plain(decision.because)}`
      : "No decision was made.",
    ...(event.approval ? ["", `**${event.approval.outcome}**: ${event.approval.because}`] : []),
    "",
    ...failurePart(failure),
    "## Changes",
    "",
    ...changesTable("Before → after", event.changes),
    "",
    ...(event.reverts.length > 0
      ? [
          "## Undone",
          "",
          ...markdownTable(
            ["Step", "Undone", "Note"],
            event.reverts.map(({ step, reverted, note }) => [step, reverted ? "yes" : "**no**", note]),
          ),
          "",
        ]
      : []),
    "## Times",
    "",
    ...markdownTable(
      ["What", "Measured", "Objective", ""],
      times.map(({ name, seconds, objective, met }) => [
        name,
        spanText(seconds),
        spanText(objective),
        met === undefined ? "" : met ? "met" : "**missed**",
      ]),
    ),
    "",
    "## Checks",
    "",
    ...markdownTable(
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
    ...markdownTable(
      ["When", "What"],
      event.timeline.map(({ at, state }) => [at, state]),
    ),
    "",
    "## Metrics",
    "",
    ...(series.length === 0 ? ["None.", ""] : series.flatMap((each) => [...metric(each), ""])),
    "## Set aside and kept",
    "",
    ...(kept.length === 0 ? ["Nothing."] : kept.map((line) => `- ${plain(line)}`)),
    "",
    "## What infrastructure code and Git still say otherwise",
    "",
    ...(rows.length === 0
      ? ["Nothing: no change of this run stands."]
      : markdownTable(
          ["Step", "Resource", "Is now"],
          rows.map((each) => [each.step, each.resources, each.now]),
        )),
    "",
    "## Root cause",
    "",
    "_To be written._",
    "",
    "## Impact",
    "",
    "_To be written._",
    "",
    "## Lessons",
    "",
    "_To be written._",
    "",
    "## Follow-ups",
    "",
    ...(dues.length === 0
      ? ["None: nothing was changed."]
      : dues.map(({ due, what }) => `- [ ] ${due}: ${plain(what)}`)),
    "",
  ].join("\n");
}

/** Who asked, who allowed it, how long it took, what it cost in data. */
function inShort(event: ReportEvent): string[][] {
  const { requester, approver } = people(event);
  const { fromAlarm, fromRelease } = recovery(event);
  const losses = lossWindows(event);
  return [
    ["Outcome", `${event.ending}: ${endingText(event)}`],
    ["Asked for by", requester],
    ["Approved by", approver],
    [
      "Time to recover",
      `${spanText(fromAlarm)} from the beginning, ${spanText(fromRelease)} from the release`,
    ],
    [
      "Data-loss window",
      losses.length === 0 ? "none" : losses.map((loss) => `${loss.step}: ${lossText(loss)}`).join("; "),
    ],
  ];
}

/** A metric's figures; its curve is on the page. */
function metric(series: Series): string[] {
  const { problem, metric: own } = series;
  const limits = own.thresholds.map(({ text, decision }) => `${text}: ${decision}`).join("; ");
  return [
    `**${plain(metricTitle(own))}** of ${plain(own.namespace)}; thresholds ${plain(limits)}.${problem ? ` ${plain(problem)}` : ""}`,
    "",
    ...markdownTable(
      ["When", "Lowest", "Highest", "Last"],
      phaseFigures(series).map(({ phase, lowest, highest, last }) => [
        phase,
        figure(lowest),
        figure(highest),
        figure(last),
      ]),
    ),
  ];
}
