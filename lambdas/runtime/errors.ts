/**
 * Errors by name: Step Functions matches Retry and Catch on them, so the names are an interface.
 * One row each: what it means, which verbs may be tried again after it, and who acts.
 */
export interface ErrorMeaning {
  meaning: string;
  /** `reads`: preflight, poll, measure. `all`: also apply and revert. */
  retry: "all" | "reads" | "never";
  who: "the engine" | "the plan's owner" | "the person on call" | "the account's administrator";
}

export const ERRORS = {
  Throttled: { meaning: "AWS asked to slow down; nothing was done", retry: "all", who: "the engine" },
  ServiceUnavailable: {
    meaning: "AWS or a resource is busy or failing for the moment; the same call may simply be made again",
    retry: "all",
    who: "the engine",
  },
  AccessDenied: {
    meaning: "the function's role may not do what the step needs",
    retry: "never",
    who: "the account's administrator",
  },
  BadInput: {
    meaning: "the step's input does not fit its action; nothing was done",
    retry: "never",
    who: "the plan's owner",
  },
  Refusal: {
    meaning: "preflight found that the step must not or cannot be done; nothing was changed",
    retry: "never",
    who: "the person on call",
  },
  RestoreTimeOutOfRange: {
    meaning: "the moment lies outside what RDS can restore; nothing was changed",
    retry: "never",
    who: "the person on call",
  },
  ChangedSincePreflight: {
    meaning: "the resource is not what preflight found; it was not overwritten",
    retry: "never",
    who: "the person on call",
  },
  StaleGeneration: {
    meaning: "another run holds the service's lock by now; this one must change nothing more",
    retry: "never",
    who: "the engine",
  },
  Frozen: {
    meaning: "a person froze the service's automation; nothing more is changed",
    retry: "never",
    who: "the person on call",
  },
  GaveWay: {
    meaning:
      "a practice makes nothing more, since a run is under way or a person froze the service's automation",
    retry: "never",
    who: "the engine",
  },
  ApprovalVoid: {
    meaning: "the resolved changes or the plan are not those that a person approved; nothing was changed",
    retry: "never",
    who: "the person on call",
  },
  ApprovalSettled: {
    meaning: "a person had answered before the question was asked again; the run goes on with that answer",
    retry: "never",
    who: "the engine",
  },
  WorkFailed: {
    meaning: "AWS or the database accepted the work and then failed it",
    retry: "never",
    who: "the person on call",
  },
  UnexpectedEffect: {
    meaning: "a statement would have changed more than the plan names; its transaction was rolled back",
    retry: "never",
    who: "the plan's owner",
  },
  SettingsDrift: {
    meaning: "what was made does not have the settings of what it replaces",
    retry: "never",
    who: "the person on call",
  },
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorName = keyof typeof ERRORS;

const named = (...retries: ErrorMeaning["retry"][]): string[] =>
  Object.entries(ERRORS).flatMap(([name, { retry }]) => (retries.includes(retry) ? [name] : []));

/** The table's names by who may try again: what the compiled Retry entries are made of. */
export const retryable = {
  /** By preflight, poll, checks and the handlers. */
  reads: named("all", "reads"),
  /** By apply and revert, which find their own half-done work. */
  changes: named("all"),
  /** By nobody: it is the same however often it is tried. */
  never: named("never"),
};

/**
 * An error with one of the names above. Its message is for somebody woken at 3 a.m.: what happened, to which
 * resource, what was left as it was, what to do next.
 */
export class WatchdogError extends Error {
  constructor(name: ErrorName, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = name;
  }
}

/** A step that must not be done; thrown by preflight, before anything is changed. */
export const refusal = (message: string) => new WatchdogError("Refusal", message);

interface AwsError extends Error {
  $metadata?: { httpStatusCode?: number };
  $fault?: "client" | "server";
}

const THROTTLES =
  /Throttl|TooManyRequests|RequestLimitExceeded|PriorRequestNotComplete|SlowDown|BandwidthLimit|ProvisionedThroughput/;
const DENIALS = /AccessDenied|NotAuthorized|AuthorizationError|UnauthorizedOperation/;
const PASSING =
  /ECONNRESET|ECONNREFUSED|ETIMEDOUT|EPIPE|TimeoutError|socket hang up|ServiceUnavailable|InternalFailure|InternalError/;

/** An AWS call's error under a name of the table; one that is known to neither is passed on as it is. */
export function translated(error: unknown): unknown {
  if (error instanceof WatchdogError || !(error instanceof Error)) return error;
  const { name, message, $metadata, $fault } = error as AwsError;
  if (THROTTLES.test(name)) return new WatchdogError("Throttled", `${name}: ${message}`, { cause: error });
  if (DENIALS.test(name))
    return new WatchdogError(
      "AccessDenied",
      `${message} Nothing was done by this call. Compare the deployed stack with the plan, or look for a policy above it.`,
      { cause: error },
    );
  const status = $metadata?.httpStatusCode ?? 0;
  if ($fault === "server" || (status >= 500 && status !== 501) || PASSING.test(`${name} ${message}`))
    return new WatchdogError("ServiceUnavailable", `${name}: ${message}`, { cause: error });
  return error;
}
