import { retryable } from "../../lambdas/runtime/errors.ts";
import type { Retrier } from "./asl.ts";

/**
 * The Lambda service's passing faults: the function was not run, or may simply be run again.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
export const SERVICE_ERRORS = {
  "Lambda.ServiceException": "Lambda had an internal error",
  "Lambda.AWSLambdaException": "Lambda failed in a way that has no name of its own",
  "Lambda.SdkClientException": "Step Functions did not reach Lambda",
  "Lambda.TooManyRequestsException": "Lambda asked to slow down",
  "Lambda.ClientExecutionTimeoutException": "Step Functions waited too long for the connection to Lambda",
} as const;

/** The function died or went silent between its call and its answer; called again it finds its work and goes on. */
export const CRASH_ERRORS = {
  "States.Timeout": "the state's own timeout passed",
  "Sandbox.Timedout": "the function's timeout passed",
  "Lambda.Unknown": "the function ended without an answer",
  "Runtime.ExitError": "the function's process ended",
} as const;

/** Nobody answered: the function may still be at work, for as long as its own timeout lets it. */
export const UNANSWERED = [
  "States.Timeout",
  "Lambda.SdkClientException",
  "Lambda.ClientExecutionTimeoutException",
] as const;

const passing = (names: readonly string[]): Retrier => ({
  ErrorEquals: [...Object.keys(SERVICE_ERRORS), ...names],
  IntervalSeconds: 2,
  MaxAttempts: 6,
  BackoffRate: 2,
  MaxDelaySeconds: 30,
  // A storm of runs must not come back in step.
  JitterStrategy: "FULL",
});

const crashed: Retrier = {
  ErrorEquals: Object.keys(CRASH_ERRORS),
  IntervalSeconds: 1,
  MaxAttempts: 2,
  BackoffRate: 2,
  JitterStrategy: "FULL",
};

/** Preflight, poll, measure and the handlers: harmless to repeat, so unknown errors are tried again as well; known refusals are not. */
export function readRetry(): Retrier[] {
  return [
    { ErrorEquals: retryable.never, MaxAttempts: 0, JitterStrategy: "FULL" },
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

/** The report of a run that failed: once more, and no longer, since the people who must come are told after it. */
export function briefRetry(): Retrier[] {
  return [
    { ErrorEquals: retryable.never, MaxAttempts: 0, JitterStrategy: "FULL" },
    {
      ErrorEquals: ["States.ALL"],
      IntervalSeconds: 2,
      MaxAttempts: 1,
      BackoffRate: 2,
      JitterStrategy: "FULL",
    },
  ];
}

/** Apply and revert: an error nobody knows is not repeated on a change. */
export function changeRetry(): Retrier[] {
  return [passing(retryable.changes), crashed];
}

/**
 * The state that waits for a person: a question that could not be asked is asked again; a deadline that passed is no
 * fault, so States.Timeout and States.ALL are not in it.
 */
export function askRetry(): Retrier[] {
  const crashes = Object.keys(CRASH_ERRORS).filter((name) => name !== "States.Timeout");
  return [
    {
      ErrorEquals: [...Object.keys(SERVICE_ERRORS), ...retryable.reads, ...crashes],
      IntervalSeconds: 2,
      MaxAttempts: 2,
      BackoffRate: 2,
      JitterStrategy: "FULL",
    },
  ];
}
