import type { Check } from "../plan/schema.ts";
import type { Assign, Parallel } from "./asl.ts";
import { type Context, checkBinding, invoke } from "./context.ts";
import { checkSeconds } from "./deadline.ts";
import { checkPayload } from "./payloads.ts";
import { noted } from "./variables.ts";

/**
 * Worst verdict of a round, worst first (protocol's VERDICTS). Passed only if as many passed as were asked: an answer
 * without a verdict, or one nobody knows, is inconclusive.
 */
export function worstOf(count: number): string {
  return `($v := $states.result.verdict; "failed" in $v ? "failed" : "error" in $v ? "error" : $count($v[$ = "passed"]) = ${count} ? "passed" : "inconclusive")`;
}

/** Checks measured side by side. */
export function measure(
  context: Context,
  checks: Check[],
  names: string[],
  rest: Omit<Parallel, "Type" | "Branches">,
): Parallel {
  return {
    Type: "Parallel",
    Branches: checks.map((check, index) => ({
      StartAt: names[index]!,
      States: {
        [names[index]!]: invoke(context, checkBinding(context, check.check), checkPayload(check), {
          timeoutSeconds: checkSeconds(check, context.registries),
          Output: "{% $states.result.Payload %}",
          End: true,
        }),
      },
    })),
    ...rest,
  };
}

/** Keeps a round's measurements, and its verdict in `$verdict`. */
export function keepMeasured(state: string, count: number): Assign {
  return {
    verdict: `{% ${worstOf(count)} %}`,
    checks: "{% $states.result %}",
    measurements: "{% $append($measurements, $states.result) %}",
    timeline: noted(state),
  };
}

/** One line about a round for the failure's cause: which checks did not pass, what they found and what was asked. */
export const NOT_PASSED =
  '{% "not passed: " & $join($checks[verdict != "passed" or $not($exists(verdict))].($string(check) & " is " & ($exists(verdict) ? $string(verdict) : "unknown") & ($exists(value) ? " (" & $string(value) & ", must be " & $string(limit) & ")" : "")), "; ") %}';
