import type { Assign, Catcher } from "./asl.ts";
import { caughtText } from "./caught.ts";
import { FIXED } from "./names.ts";

/** JSONata text for a string: JSON's quoting is JSONata's. */
export const quoted = (text: string) => JSON.stringify(text);

/** When the state that evaluates it was entered; the service's clock, never the machine's. */
export const ENTERED = "$states.context.State.EnteredTime";

/** `$timeline` with the state that evaluates it. */
export const noted = (state: string) =>
  `{% $append($timeline, [{"at": ${ENTERED}, "state": ${quoted(state)}}]) %}`;

/** Longest cause kept in `$failure`. */
const LONGEST_CAUSE = 4000;

/** `$failure` in a catcher. Every part has a value whatever was thrown. */
function caught(state: string): Assign {
  return {
    failure: {
      error: `{% ${caughtText("Error", "States.Unknown", 256)} %}`,
      cause: `{% ${caughtText("Cause", "no cause was given", LONGEST_CAUSE)} %}`,
      state,
      at: `{% ${ENTERED} %}`,
    },
  };
}

/** Catchers for everything, with the failure kept in `$failure`. */
export function catchAll(state: string, next: string, assign: Assign = caught(state)): Catcher[] {
  const to = { Next: next, Assign: assign, Output: {} };
  return [
    // States.ALL does not match this one. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    { ErrorEquals: ["States.DataLimitExceeded"], ...to },
    { ErrorEquals: ["States.ALL"], ...to },
  ];
}

/** The last failure stays the one that counts: reports and mails that fail on the way down do not replace it. */
export function catchQuietly(next: string): Catcher[] {
  return [
    { ErrorEquals: ["States.DataLimitExceeded"], Next: next, Output: {} },
    { ErrorEquals: ["States.ALL"], Next: next, Output: {} },
  ];
}

/** `$failure` of something that was measured, not thrown. */
export function foundOut(state: string, error: string, cause: string): Assign {
  return { failure: { error, cause, state, at: `{% ${ENTERED} %}` } };
}

/**
 * How a run ended, an `Ending`; of a failed one told by what was undone, and by whether the first change was begun.
 * Without braces, to stand in a larger expression. `$recovering`: what waited for the watch went wrong, and the rollback
 * itself has held.
 */
export const GOOD_ENDING = '($exists($run.undoes) ? "taken back" : "rolled back")';

/** Of a failed run. */
export const FAILED_ENDING =
  '($count($reverts[reverted = false]) > 0 or ($count($reverts) > 0 and $exists($run.undoes)) ? "needs a person" : $exists($recovering) ? "held" : $count($reverts) > 0 ? "reverted" : ' +
  `$count($timeline[state = ${quoted(FIXED.announceStart)}]) > 0 ? "held" : "refused")`;

/** All variables as they are before the first state has answered. */
export const EMPTY: Assign = {
  decision: null,
  changes: {},
  summaries: {},
  steps: {},
  measurements: [],
  checks: [],
  verdict: "inconclusive",
  watch: null,
  failure: null,
  reverts: [],
  report: null,
  approval: null,
  planned: null,
};
