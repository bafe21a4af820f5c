import { ERRORS, type ErrorMeaning } from "../../lambdas/runtime/errors.ts";
import type { Retrier } from "../workflow/asl.ts";
import { briefRetry, CRASH_ERRORS, changeRetry, readRetry, SERVICE_ERRORS } from "../workflow/retry.ts";
import { code, MADE, page, table } from "./markdown.ts";

/** How often a Task is tried again after an error: what the first entry that names it says. */
function again(retry: Retrier[], name: string): number {
  const found = retry.find(
    ({ ErrorEquals }) => ErrorEquals.includes(name) || ErrorEquals[0] === "States.ALL",
  );
  return found?.MaxAttempts ?? 0;
}

const times = (count: number) => (count === 0 ? "never" : count === 1 ? "once" : `${count} times`);
const retried = (name: string) => [times(again(readRetry(), name)), times(again(changeRetry(), name))];

/** How long the pauses are, one line for each different way. */
function pauses(retry: Retrier[]): string {
  const lines = retry
    .filter(({ MaxAttempts }) => MaxAttempts > 0)
    .map(({ MaxAttempts, IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds }) => {
      const most = MaxDelaySeconds === undefined ? "" : `, at most ${MaxDelaySeconds} s`;
      return `- ${times(MaxAttempts)}: up to ${IntervalSeconds} s before the first, ${BackoffRate} times as long before each further one${most}`;
    });
  return [...new Set(lines)].join("\n");
}

/** docs/errors.md: every name that the state machine matches on, from the table of errors and the compiled retries. */
export function errorsPage(): string {
  const own = (Object.entries(ERRORS) as [string, ErrorMeaning][]).map(([name, { meaning, who }]) => [
    code(name),
    meaning,
    ...retried(name),
    who,
  ]);
  const lambda = [
    ...Object.entries({ ...SERVICE_ERRORS, ...CRASH_ERRORS }).map(([name, meaning]) => [
      code(name),
      meaning,
      ...retried(name),
    ]),
    ["any other", "in neither table", ...retried("any other")],
  ];
  const retries = ["Tried again by preflight, poll, checks, handlers", "by apply, revert"];
  return page(
    MADE,
    "# Errors",
    "Step Functions matches Retry and Catch on an error's name, so that the names are an interface: they are the same in " +
      "the execution's history, in the mail and in the report. An error that is not tried again, or not any more, is " +
      "caught: what was done is undone newest first (or held, `onFailure: hold`), people are told, the lock stays, and " +
      "the execution ends as FAILED. Every message says what happened, to which resource, what was left as it was, and " +
      "what to do next.",
    "## Errors of the watchdog",
    table(["Error", "Meaning", ...retries, "Who acts"], own),
    "## Errors of Lambda and Step Functions",
    table(["Error", "Meaning", ...retries], lambda),
    `The report of a run that failed is tried again ${times(again(briefRetry(), "any other"))} only, whatever the error: the people who must come are called after it.`,
    "Before each of these tries there is a pause of random length (full jitter):",
    pauses([...readRetry(), ...changeRetry()]),
  );
}
