import { causeText } from "../messages/cause.ts";
import type { ReportEvent } from "../runtime/protocol.ts";
import { objectiveRows, spanText } from "./spans.ts";
import { timelinePicture } from "./timeline-picture.ts";

const escaped = (text: string) => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

const STYLE = `
:root{color-scheme:light dark;--ink:#1d2433;--soft:#5b6475;--line:#d5dae3;--ground:#fff;--card:#f5f7fa;--good:#0b6b3a;--bad:#a4161a;--accent:#1f4e8c}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#a7b0c0;--line:#39414f;--ground:#14181f;--card:#1c222c;--good:#5fd08f;--bad:#ff8a8a;--accent:#8db8f0}}
*{box-sizing:border-box}body{margin:0 auto;max-width:62rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
p.lead{color:var(--soft);margin:.2rem 0}.good{color:var(--good)}.bad{color:var(--bad)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
th{font-weight:600;white-space:nowrap}td{overflow-wrap:anywhere}td:first-child{white-space:nowrap}code{font-family:ui-monospace,monospace;font-size:.92em}
blockquote{margin:.5rem 0;padding:.5rem 1rem;background:var(--card);border-left:4px solid var(--bad)}
svg{width:100%;height:auto;display:block}svg text{fill:var(--ink);font:12px system-ui,sans-serif}
@media print{body{max-width:none}a{color:inherit}}`;

function table(caption: string, head: string[], body: string[][]): string {
  if (body.length === 0) return "<p>None.</p>";
  const row = (cells: string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}${tag === "th" ? ' scope="col"' : ""}>${cell}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table><thead>${row(head, "th")}</thead><tbody>${body.map((cells) => row(cells, "td")).join("")}</tbody></table></div>`;
}

const verdict = (text: string) =>
  `<strong class="${text === "passed" || text === "met" || text === "yes" ? "good" : "bad"}">${escaped(text)}</strong>`;

/** The same report as one page that needs nothing else: light and dark, phone and paper. Pure. */
export function htmlReport(event: ReportEvent, writtenAt: string): string {
  const { run, decision, failure } = event;
  const good = event.outcome === "succeeded";
  const title = `Rollback of ${run.service}: ${good ? "rolled back and verified" : "failed"}`;
  const rows = objectiveRows(event);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main>
<h1>${escaped(run.service)}: <span class="${good ? "good" : "bad"}">${good ? "rolled back and verified" : "rollback failed"}</span></h1>
<p class="lead">Run <code>${escaped(run.id)}</code>, begun ${escaped(run.startedAt)}. Report written ${escaped(writtenAt)}.</p>
${failure ? `<h2>What failed</h2><p><code>${escaped(failure.state)}</code>: <strong class="bad">${escaped(failure.error)}</strong></p><blockquote>${escaped(causeText(failure.cause))}</blockquote>` : ""}
<h2>Decision</h2><p>${decision ? `<strong>${escaped(decision.decision)}</strong> at level <strong>${escaped(decision.level)}</strong> by rule <code>${escaped(decision.rule)}</code>: ${escaped(decision.because)}` : "No decision was made."}</p>
<h2>Timeline</h2>${timelinePicture(event)}
<h2>Times against the plan's objectives</h2>${table(
    "Times against objectives",
    ["What", "Measured", "Objective", "Result"],
    rows.map(({ name, seconds, objective, met }) => [
      escaped(name),
      spanText(seconds),
      spanText(objective),
      met === undefined ? "-" : verdict(met ? "met" : "missed"),
    ]),
  )}
<h2>Changes</h2>${table(
    "Changes",
    ["Step", "Before → after", "Evidence"],
    Object.entries(event.changes).map(([step, { summary, evidence = [] }]) => [
      `<code>${escaped(step)}</code>`,
      escaped(summary),
      escaped(evidence.join("; ")),
    ]),
  )}
${
  event.reverts.length > 0
    ? `<h2>Undone</h2>${table(
        "Undone",
        ["Step", "Undone", "Note"],
        event.reverts.map(({ step, reverted, note }) => [
          `<code>${escaped(step)}</code>`,
          verdict(reverted ? "yes" : "no"),
          escaped(note),
        ]),
      )}`
    : ""
}
<h2>Checks</h2>${table(
    "Checks",
    ["Check", "Verdict", "Value", "Must be", "Evidence"],
    [...event.measurements, ...event.checks].map((each) => [
      `<code>${escaped(each.check)}</code>`,
      verdict(each.verdict),
      escaped(each.value ?? "-"),
      escaped(each.limit),
      escaped(each.evidence.join("; ")),
    ]),
  )}
<h2>Root cause</h2><p><em>To be written.</em></p>
<h2>Lessons and follow-ups</h2><p><em>To be written.</em> Decide what of the data that was set aside has to come back; bring infrastructure code in line with the changes above.</p>
</main></body></html>
`;
}
