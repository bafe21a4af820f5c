import { type KeptApproval, spanText } from "../../lib/plan/approval.ts";
import { HEADERS, STYLE } from "./style.ts";

/** An answer of the function URL. */
export interface Page {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export const escaped = (text: string) => text.replace(/[&<>"']/g, (found) => `&#${found.codePointAt(0)};`);

const code = (text: string) => `<code>${escaped(text)}</code>`;
const time = (iso: string) =>
  `<time datetime="${escaped(iso)}">${escaped(iso.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"))}</time>`;

function page(statusCode: number, title: string, main: string, more: Record<string, string> = {}): Page {
  return {
    statusCode,
    headers: { ...HEADERS, ...more },
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main>
${main}
</main></body></html>
`,
  };
}

/** A page that only says something: why nothing can be decided here, or what was. */
export function notice(
  statusCode: number,
  title: string,
  paragraphs: string[],
  more: Record<string, string> = {},
): Page {
  return page(
    statusCode,
    title,
    [`<h1>${escaped(title)}</h1>`, ...paragraphs.map((each) => `<p>${escaped(each)}</p>`)].join("\n"),
    more,
  );
}

/** A person's answer once more, ready to be sent again: it is recorded, and the run could not be woken. */
export function again(title: string, paragraphs: string[], fields: Record<string, string>): Page {
  return page(
    502,
    title,
    [
      `<h1>${escaped(title)}</h1>`,
      ...paragraphs.map((each) => `<p>${escaped(each)}</p>`),
      `<form method="post">${hidden(fields)}<div class="buttons"><button class="go">Tell the run again</button></div></form>`,
    ].join("\n"),
  );
}

const hidden = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join("");

/** What the form carries beside the person's own input. */
export interface FormGiven {
  approver: string;
  nonce: string;
  /** What was missing in the form that was sent; absent on the first look. */
  problem?: string;
  reason?: string;
}

/** The question itself, with everything an approver needs to see before he answers. */
export function question(kept: KeptApproval, given: FormGiven, now: number): Page {
  const { request } = kept;
  const { run, asking, decision } = request;
  const left = (Date.parse(asking.expiresAt) - now) / 1000;
  const goesOn = asking.atDeadline.action === "rollback";
  const again = run.redeploys !== undefined;
  const title = again ? `Bring ${run.redeploys} of ${run.service} out again?` : `Roll back ${run.service}?`;
  return page(
    given.problem ? 422 : 200,
    title,
    `<h1>${escaped(title)}</h1>
<p class="lead">${again ? "Nothing more is changed until then. The redeploy" : "Nothing has been changed yet. The run"} waits for one of its approvers.</p>
<div class="until"><p><strong>Decide by ${time(asking.expiresAt)}</strong>, in ${escaped(spanText(left))}. Without an answer <strong>${goesOn ? "the rollback goes on" : "nothing is changed"}</strong>: ${escaped(asking.atDeadline.because)}.</p></div>
<h2>Why</h2>
<p>Rule ${code(decision.rule)}, level ${code(decision.level)}: ${escaped(decision.because)}</p>
${deployment(kept)}
<h2>What would change</h2>
<ul class="changes">${Object.entries(request.changes).map(changeItem).join("")}</ul>
<h2>Data that would be set aside</h2>
${setAside(kept)}
<h2>How long it takes</h2>
<p>At least ${escaped(spanText(asking.expected.changeSeconds))} for the changes, then ${escaped(spanText(asking.expected.watchSeconds))} of watching.</p>
${form(kept, given)}
<footer><p>Run ${code(run.id)} of ${code(run.service)}, begun ${time(run.startedAt)}, asked ${time(request.askedAt)}. Changes ${code(request.hash.slice(0, 12))}.</p></footer>`,
  );
}

function deployment({ request: { run } }: KeptApproval): string {
  return run.deployment
    ? `<p>Last deployment: ${code(run.deployment.version)}, ${time(run.deployment.startedAt)}.</p>`
    : "<p>No deployment is recorded.</p>";
}

function changeItem([step, change]: [string, KeptApproval["request"]["changes"][string]]): string {
  const evidence = (change.evidence ?? []).map((line) => `<li>${escaped(line)}</li>`).join("");
  const json = (value: unknown) => `<pre>${escaped(JSON.stringify(value, null, 1))}</pre>`;
  return `<li><strong>${escaped(step)}</strong>: ${escaped(change.summary)}${evidence ? `<ul class="evidence">${evidence}</ul>` : ""}<details><summary>Exactly: before and after of ${escaped(step)}</summary><dl><dt>Before</dt><dd>${json(change.before)}</dd><dt>After</dt><dd>${json(change.after)}</dd></dl></details></li>`;
}

function setAside({ request }: KeptApproval): string {
  const lines = request.asking.dataSteps.flatMap((step) => {
    const change = request.changes[step];
    return change ? [`<li>${escaped(change.summary)}</li>`] : [];
  });
  return lines.length > 0 ? `<ul>${lines.join("")}</ul>` : "<p>None: no step touches data.</p>";
}

function form({ request }: KeptApproval, { approver, nonce, problem, reason = "" }: FormGiven): string {
  const bad = problem ? `<div class="until" role="alert"><p>${escaped(problem)}</p></div>` : "";
  return `<form method="post" aria-labelledby="decide">
<h2 id="decide">Your decision</h2>
${bad}
<p>This link was sent to <strong>${escaped(approver)}</strong>. What is decided here is recorded as that person's decision and told to everybody. If that is not you, close this page.</p>
${hidden({ nonce, hash: request.hash })}
<label class="check"><input type="checkbox" name="confirm" value="yes" required><span>I am ${escaped(approver)}, and I have read what would change.</span></label>
<label for="reason">Reason (optional; in every mail and in the report)<textarea id="reason" name="reason" rows="3" maxlength="500">${escaped(reason)}</textarea></label>
<div class="buttons"><button class="go" name="decision" value="approve">Approve: ${request.run.redeploys === undefined ? "roll back now" : "go on"}</button><button class="stop" name="decision" value="reject">Reject: ${request.run.redeploys === undefined ? "change nothing" : "stay where it is"}</button></div>
</form>`;
}
