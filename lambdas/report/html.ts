import { causeText } from "../messages/cause.ts";
import type { ReportEvent } from "../runtime/protocol.ts";
import { curves } from "./curves.ts";
import { endingText, keptLines, lossText, lossWindows, otherwise, people, recovery } from "./facts.ts";
import { dueFollowUps } from "./follow-ups.ts";
import { escaped, table, verdict, withTimes } from "./parts.ts";
import type { Series } from "./series.ts";
import { objectiveRows, spanText } from "./spans.ts";
import { HEAD, STYLE } from "./style.ts";
import { timelineBars } from "./timeline.ts";

/** The plan's objectives as figures; a time without an objective is shown too. */
function figures(event: ReportEvent): string {
  const cards = objectiveRows(event)
    .filter(({ seconds, objective }) => seconds !== undefined || objective !== undefined)
    .map(({ name, seconds, objective, met }) => {
      const against =
        objective === undefined
          ? "no objective"
          : `objective ${spanText(objective)}${met === undefined ? "" : ` ${verdict(met ? "met" : "missed")}`}`;
      return `<div><dt>${escaped(OBJECTIVES[name] ?? name)}</dt><dd class="measured">${spanText(seconds)}</dd><dd><small>${against}</small></dd></div>`;
    });
  return cards.length === 0 ? "" : `<dl>${cards.join("")}</dl>`;
}

const OBJECTIVES: Record<string, string> = {
  detect: "release to alarm",
  decide: "alarm to decided",
  restore: "alarm to restored",
  cutover: "restored to switched",
  verified: "alarm to verified",
};

/** How the run came to be. */
function beginning(trigger: ReportEvent["run"]["trigger"]): string {
  if (trigger.type === "alarm") return `${trigger.alarmName} was in ALARM since ${trigger.since}.`;
  if (trigger.type === "event") return `${trigger.detailType} of ${trigger.source} at ${trigger.at}.`;
  return `Started by ${trigger.by}.`;
}

/** What set it off, in one line. */
function lead({ run }: ReportEvent): string {
  const { deployment, trigger } = run;
  return [
    deployment
      ? `Release ${deployment.version}${deployment.previousVersion ? ` (before it ${deployment.previousVersion})` : ""} began ${deployment.startedAt}.`
      : "No release is known as the cause.",
    beginning(trigger),
  ]
    .map(escaped)
    .join(" ");
}

/** Who asked, who allowed it, how long it took, what it cost in data. */
function inShort(event: ReportEvent): string {
  const { requester, approver } = people(event);
  const { fromAlarm, fromRelease } = recovery(event);
  const losses = lossWindows(event);
  const recovered =
    fromAlarm === undefined
      ? "the service was not verified as recovered"
      : `${spanText(fromAlarm)} from the ${event.run.trigger.type === "alarm" ? "alarm" : "start"} until every check passed${fromRelease === undefined ? "" : `, ${spanText(fromRelease)} from the release`}`;
  return table(
    "In short",
    ["What", "Answer"],
    [
      ["Outcome", `<strong>${escaped(event.ending)}</strong>: ${escaped(endingText(event))}`],
      ["Asked for by", escaped(requester)],
      ["Approved by", escaped(approver)],
      ["Time to recover", escaped(recovered)],
      [
        "Data-loss window",
        losses.length === 0
          ? "none: no older state of data was brought back"
          : losses
              .map((loss) => `<code>${escaped(loss.step)}</code>: ${escaped(lossText(loss))}`)
              .join("<br>"),
      ],
    ],
  );
}

const list = (lines: string[]) =>
  lines.length === 0 ? "<p>Nothing.</p>" : `<ul>${lines.map((line) => `<li>${line}</li>`).join("")}</ul>`;

/** What a person has to do or decide after it. */
function aftermath(event: ReportEvent, writtenAt: string): string {
  const { run } = event;
  const rows = otherwise(event);
  const dues = dueFollowUps(event, writtenAt);
  const release = run.deployment
    ? `<p>Git still has release ${escaped(run.deployment.version)} as the newest. Revert it or fix it before anybody deploys.</p>`
    : "";
  return `<h2>Set aside and kept</h2>${list(keptLines(event).map(escaped))}
<h2>What infrastructure code and Git still say otherwise</h2>${
    rows.length === 0
      ? "<p>Nothing: no change of this run stands.</p>"
      : `${release}<p>The next deployment would undo these. Bring the code in line first.</p>${table(
          "What code still says otherwise",
          ["Step", "Resource", "Is now"],
          rows.map(({ step, resources, now }) => [
            `<code>${escaped(step)}</code>`,
            escaped(resources),
            escaped(now),
          ]),
        )}`
  }
<h2>Root cause</h2><p><em>To be written: what broke, why it was not caught, and how it is known.</em></p>
<h2>Impact</h2><p><em>To be written: who was affected, and how many.</em></p>
<h2>Lessons</h2><p><em>To be written: what went well, what did not, what was luck.</em></p>
<h2>Follow-ups</h2>${
    dues.length === 0
      ? "<p>None: nothing was changed.</p>"
      : `<p>A reminder is sent when each is due.</p>${table(
          "Follow-ups",
          ["Due", "What"],
          dues.map(({ due, what }) => [due, escaped(what)]),
        )}`
  }`;
}

/** The same report as one page that needs nothing else. Pure. */
export function htmlReport(event: ReportEvent, writtenAt: string, series: Series[] = []): string {
  const { run, decision, failure, watch } = event;
  const good = event.outcome === "succeeded";
  const title = `Rollback of ${run.service}: ${event.ending}`;
  return withTimes(`<!doctype html>
<html lang="en"><head>${HEAD}<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main>
<header class="${good ? "good" : "bad"}"><h1>${escaped(run.service)}: <span>${good ? `${event.ending} and verified` : `rollback failed, ${event.ending}`}</span></h1>
<p>${lead(event)}</p><p>Run <code>${escaped(run.id)}</code> began ${escaped(run.startedAt)}, this report is of ${escaped(writtenAt)}.</p></header>
${figures(event)}
<h2>In short</h2>${inShort(event)}
${failure ? `<h2>What failed</h2><p><code>${escaped(failure.state)}</code>: <strong class="bad">${escaped(failure.error)}</strong></p><blockquote>${escaped(causeText(failure.cause))}</blockquote>` : ""}
<h2>Decision</h2><p>${decision ? `<strong>${escaped(decision.decision)}</strong> at level <strong>${escaped(decision.level)}</strong> by rule <code>${escaped(decision.rule)}</code>: ${escaped(decision.because)}` : "No decision was made."}</p>${event.approval ? `<p><strong>${escaped(event.approval.outcome)}</strong>: ${escaped(event.approval.because)}</p>` : ""}
<h2>Metrics</h2>${curves(series)}
<h2>Timeline</h2>${timelineBars(event)}
<h2>Changes</h2>${good ? "" : "<p>As they were resolved before the first of them; the timeline says how far the run came.</p>"}${table(
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
${watch ? `<h2>Watch</h2><p>${watch.round} of ${watch.of} rounds, one each ${spanText(watch.everySeconds)}: ${watch.passed} passed, ${watch.inconclusive} inconclusive.</p>` : ""}
${aftermath(event, writtenAt)}
</main></body></html>
`);
}
