import { causeText } from "../messages/cause.ts";
import { lossTime, type Measured, restoreTime, verdictOf } from "../runtime/practice.ts";
import type { PracticeReportEvent } from "../runtime/protocol.ts";
import { escaped, table, verdict, withTimes } from "./parts.ts";
import { spanText } from "./spans.ts";
import { HEAD, STYLE } from "./style.ts";
import { timelineBars } from "./timeline.ts";

function card(name: string, { seconds, objective, met }: Measured): string {
  const against =
    objective === undefined
      ? "no objective"
      : `objective ${spanText(objective)}${met === undefined ? "" : ` ${verdict(met ? "met" : "missed")}`}`;
  return `<div><dt>${name}</dt><dd class="measured">${spanText(seconds ?? undefined)}</dd><dd><small>${against}</small></dd></div>`;
}

/** The report of a practice as one page that needs nothing else, in the look of the incident report. Pure. */
export function practicePage(event: PracticeReportEvent, writtenAt: string): string {
  const { run, failure, cleanFailure, left, assumed, changes, measurements } = event;
  const { good, line } = verdictOf(event);
  // The release was only assumed: it has no place in what really happened.
  const { deployment: _, ...began } = run;
  const title = `Practice of ${run.service}: ${line}`;
  const list = (lines: string[]) => `<ul>${lines.map((each) => `<li>${escaped(each)}</li>`).join("")}</ul>`;
  return withTimes(`<!doctype html>
<html lang="en"><head>${HEAD}<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main>
<header class="${good ? "good" : "bad"}"><h1>${escaped(run.service)}: <span>${escaped(line)}</span></h1>
<p>Practice <code>${escaped(run.id)}</code> began ${escaped(run.startedAt)}, this report is of ${escaped(writtenAt)}. The service itself was not touched.</p></header>
<dl>${card("start to restored and checked (RTO)", restoreTime(event))}${card("newest restorable moment, back from now (RPO)", lossTime(event))}</dl>
${failure ? `<h2>What failed</h2><p><code>${escaped(failure.state)}</code>: <strong class="bad">${escaped(failure.error)}</strong></p><blockquote>${escaped(causeText(failure.cause))}</blockquote>` : ""}
<h2>Restored</h2>${table(
    "Restored",
    ["Step", "What", "Evidence"],
    Object.entries(changes).map(([step, { summary, evidence = [] }]) => [
      `<code>${escaped(step)}</code>`,
      escaped(summary),
      escaped(evidence.join("; ")),
    ]),
  )}
<h2>Checks of the copies</h2>${table(
    "Checks of the copies",
    ["Check", "Verdict", "Value", "Must be", "Evidence"],
    measurements.map((each) => [
      `<code>${escaped(each.check)}</code>`,
      verdict(each.verdict),
      escaped(each.value ?? "-"),
      escaped(each.limit),
      escaped(each.evidence.join("; ")),
    ]),
  )}
<h2>Timeline</h2>${timelineBars({ timeline: event.timeline, run: { ...began, trigger: { type: "manual", by: run.reason } } })}
<h2>Cleaned up</h2>${
    left.length === 0 && cleanFailure === null
      ? "<p>Everything that this practice made is deleted.</p>"
      : `<p>Still there, to be deleted by hand:</p>${table(
          "Still there",
          ["What", "USD a day", "Why"],
          left.map(({ arn, usdPerDay, why }) => [
            `<code>${escaped(arn)}</code>`,
            usdPerDay === null ? "-" : usdPerDay.toFixed(2),
            escaped(why),
          ]),
        )}${cleanFailure ? `<blockquote>${escaped(causeText(cleanFailure.cause))}</blockquote>` : ""}`
  }
<h2>Assumed</h2>${list(assumed)}
</main></body></html>
`);
}
