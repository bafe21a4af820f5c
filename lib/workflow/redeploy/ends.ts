import type { RampOutcome } from "../../../lambdas/runtime/protocol.ts";
import { BEFORE_ALL, type RampStep } from "../../plan/redeploy.ts";
import type { Assign, Catcher } from "../asl.ts";
import { caughtText } from "../caught.ts";
import { catchAll } from "../variables.ts";
import { RAMP } from "./names.ts";

/** Error and cause in a catcher, as one text that is always there. */
export const THROWN = `${caughtText("Error", "unknown", 256)} & ": " & ${caughtText("Cause", "no cause was given", 1700)}`;

/** Where a ramp is: the step's name and its number from 1; before the first step, the start. */
export const where = (steps: RampStep[], index: number) => ({
  step: steps[index]?.name ?? BEFORE_ALL,
  number: index + 1,
});

/** The variables of an end at a step (-1: before the first). `because` is an expression, without braces. */
export function ending(
  steps: RampStep[],
  index: number,
  outcome: RampOutcome | { expression: string },
  because: string,
): Assign {
  const at = where(steps, index);
  const told = typeof outcome === "string" ? outcome : `{% ${outcome.expression} %}`;
  const called = typeof outcome === "string" ? CALLED[outcome]?.(at.step) : undefined;
  return { outcome: told, ending: called ?? told, at, because: `{% ${because} %}` };
}

/** What people call an end that says where the ramp stays. */
const CALLED: Partial<Record<RampOutcome, (step: string) => string>> = {
  failed: (step) => `stopped at ${step}`,
  held: (step) => `held at ${step}`,
  rejected: (step) => `rejected at ${step}`,
};

/** What a way back from a step will have come to. */
export function goingBack(steps: RampStep[], index: number): Assign {
  const at = where(steps, index - 1);
  return { outcome: "back", ending: `back at ${at.step}`, at, from: where(steps, index) };
}

/** Whatever fails here stops the ramp where it is, for a person. What was thrown is in `$because`, and nowhere else. */
export function stops(
  state: string,
  steps: RampStep[],
  index: number,
  outcome: RampOutcome = "failed",
): Catcher[] {
  return catchAll(
    state,
    RAMP.end,
    ending(steps, index, outcome, `${JSON.stringify(`${state}: `)} & ${THROWN}`),
  );
}
