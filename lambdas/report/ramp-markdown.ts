import type { RampReportEvent } from "../runtime/protocol.ts";
import { changesTable, code, markdownTable, plain } from "./markdown-parts.ts";

/** What a ramp's report has in tables, for both of its forms: title, head, rows. Pure. */
export function rampTables(event: RampReportEvent): [string, string[], string[][]][] {
  const { run, at, of, because, approval, reverts, checks, timeline } = event;
  return [
    [
      "In short",
      ["What", "Answer"],
      [
        ["Version", run.redeploys ?? "unknown"],
        ["Outcome", event.ending],
        ["Where it is", at.number === 0 ? at.step : `${at.step}, step ${at.number} of ${of}`],
        ["Why", because === "" ? "every step held" : because],
        [
          "Asked for by",
          `${run.trigger.type === "manual" ? run.trigger.by : run.trigger.criterion}: ${run.reason}`,
        ],
        ["Approved by", approval ? `${approval.outcome}: ${approval.because}` : "nobody was asked"],
      ],
    ],
    [
      "Taken back",
      ["Step", "Taken back", "Note"],
      reverts.map(({ step, reverted, note }) => [step, reverted ? "yes" : "no", note]),
    ],
    [
      "Last checks",
      ["Check", "Verdict", "Value", "Must be", "Evidence"],
      checks.map(({ check, verdict, value = "", limit, evidence }) => [
        check,
        verdict,
        value,
        limit,
        evidence.join("; "),
      ]),
    ],
    ["Timeline", ["When", "What"], timeline.map(({ at: when, state }) => [when, state])],
  ];
}

export const rampTitle = ({ run, ending }: RampReportEvent) =>
  `Redeploy of ${run.redeploys ?? "?"} of ${run.service}: ${ending}`;

/** The report of a ramp as Markdown. Pure. */
export function rampMarkdown(event: RampReportEvent, writtenAt: string): string {
  const { run, changes } = event;
  const [short, ...rest] = rampTables(event);
  const part = ([title, head, rows]: (typeof rest)[number]) => [
    `## ${title}`,
    "",
    ...(rows.length > 0 ? markdownTable(head, rows) : ["None."]),
    "",
  ];
  return [
    `# ${plain(rampTitle(event))}`,
    "",
    `Run ${code(run.id)}, begun ${run.startedAt}, report written ${writtenAt}.`,
    "",
    ...part(short!),
    "## Changes that were made or begun",
    "",
    ...(Object.keys(changes).length > 0 ? changesTable("Before → after", changes) : ["None."]),
    "",
    ...rest.flatMap(part),
  ].join("\n");
}
