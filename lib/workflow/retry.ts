import type { Retrier } from "./asl.ts";

/** Error names that may be tried again; `lambdas/runtime/errors.ts` holds the product's own. */
export interface Retryable {
  /** By preflight, poll, checks and the handlers. */
  reads: readonly string[];
  /** By apply and revert, which find their own half-done work. */
  changes: readonly string[];
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

/** The product's names for throttling and service errors. */
export const RETRYABLE: Retryable = {
  reads: ["Throttled", "ServiceUnavailable"],
  changes: ["Throttled", "ServiceUnavailable"],
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

/** Preflight, poll, measure and the handlers: harmless to repeat, so unknown errors are tried again as well. */
export function readRetry(retryable: Retryable = RETRYABLE): Retrier[] {
  return [
    passing(retryable.reads),
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
export function changeRetry(retryable: Retryable = RETRYABLE): Retrier[] {
  return [passing(retryable.changes), crashed];
}
