import { ERRORS, retryable } from "../../lambdas/runtime/errors.ts";
import type { Retrier } from "./asl.ts";

/** Error names that may be tried again; `lambdas/runtime/errors.ts` holds the product's own. */
export interface Retryable {
  /** By preflight, poll, checks and the handlers. */
  reads: readonly string[];
  /** By apply and revert, which find their own half-done work. */
  changes: readonly string[];
  /** Known, and the same however often it is tried: a refusal, a denial. */
  never?: readonly string[];
}

/** The Lambda service's passing faults. https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html */
const SERVICE = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Lambda.ClientExecutionTimeoutException",
];

/** The function died or went silent between its call and its answer; called again it finds its work and goes on. */
const CRASH = ["States.Timeout", "Sandbox.Timedout", "Lambda.Unknown", "Runtime.ExitError"];

/** The product's own names, from the table of its errors. */
export const RETRYABLE: Retryable = {
  ...retryable,
  never: Object.entries(ERRORS).flatMap(([name, { retry }]) => (retry === "never" ? [name] : [])),
};

const passing = (names: readonly string[]): Retrier => ({
  ErrorEquals: [...new Set([...SERVICE, ...names])],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 30,
  // A storm of runs must not come back in step.
  JitterStrategy: "FULL",
});

const crashed: Retrier = {
  ErrorEquals: CRASH,
  IntervalSeconds: 1,
  MaxAttempts: 2,
  BackoffRate: 2,
  JitterStrategy: "FULL",
};

/** Preflight, poll, measure and the handlers: harmless to repeat, so unknown errors are tried again as well; known refusals are not. */
export function readRetry(known: Retryable = RETRYABLE): Retrier[] {
  const { reads, never = [] } = known;
  return [
    ...(never.length > 0
      ? [{ ErrorEquals: [...never], MaxAttempts: 0, JitterStrategy: "FULL" as const }]
      : []),
    passing(reads),
    crashed,
    {
      ErrorEquals: ["States.ALL"],
      IntervalSeconds: 2,
      MaxAttempts: 2,
      BackoffRate: 2,
      JitterStrategy: "FULL",
    },
  ];
}

/** Apply and revert: an error nobody knows is not repeated on a change. */
export function changeRetry(known: Retryable = RETRYABLE): Retrier[] {
  return [passing(known.changes), crashed];
}
