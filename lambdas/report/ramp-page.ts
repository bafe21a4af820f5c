import type { RampReportEvent } from "../runtime/protocol.ts";
import { escaped, table, withTimes } from "./parts.ts";
import { rampTables, rampTitle } from "./ramp-markdown.ts";
import { HEAD, STYLE } from "./style.ts";

/** The report of a ramp as one page that needs nothing else, in the look of the incident report. Pure. */
export function rampPage(event: RampReportEvent, writtenAt: string): string {
  const { run, ending, outcome, changes } = event;
  const title = rampTitle(event);
  const cells = (rows: string[][]) => rows.map((row) => row.map(escaped));
  const [short, ...rest] = rampTables(event);
  const part = ([name, head, rows]: (typeof rest)[number]) =>
    `<h2>${name}</h2>${table(name, head, cells(rows))}`;
  return withTimes(`<!doctype html>
<html lang="en"><head>${HEAD}<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main>
<header class="${outcome === "redeployed" ? "good" : "bad"}"><h1>${escaped(run.redeploys ?? "?")} of ${escaped(run.service)}: <span>${escaped(ending)}</span></h1>
<p>Redeploy <code>${escaped(run.id)}</code> began ${escaped(run.startedAt)}, this report is of ${escaped(writtenAt)}.</p></header>
${part(short!)}
${part([
  "Changes that were made or begun",
  ["Step", "Before → after", "Evidence"],
  Object.entries(changes).map(([step, { summary, evidence = [] }]) => [step, summary, evidence.join("; ")]),
])}
${rest.map(part).join("\n")}
</main></body></html>
`);
}
