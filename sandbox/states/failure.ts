/** Characters that Step Functions keeps of an error's name and of its cause. */
const LONGEST_ERROR = 256;
const LONGEST_CAUSE = 32_768;

/**
 * An error inside an execution, by the name Retry and Catch match on. Both parts may be absent, as in a Fail
 * state that names none or a task timeout without a cause.
 */
export class StateFailure extends Error {
  readonly error: string | undefined;
  readonly causeText: string | undefined;

  constructor(error: string | undefined, cause?: string) {
    super(cause ?? error ?? "the execution failed");
    this.name = "StateFailure";
    this.error = error?.slice(0, LONGEST_ERROR);
    this.causeText = cause?.slice(0, LONGEST_CAUSE);
  }

  /** The default output of a catcher, and `$states.errorOutput`. */
  get output(): { Error?: string | null; Cause?: string | null } {
    if (this.causeText === undefined && this.error === undefined) return { Error: null, Cause: null };
    if (this.causeText === undefined && this.error === "States.Timeout")
      return { Error: this.error, Cause: "" };
    return {
      ...(this.error === undefined ? {} : { Error: this.error }),
      ...(this.causeText === undefined ? {} : { Cause: this.causeText }),
    };
  }
}

/** Raised inside an execution that was stopped or timed out; no Retry or Catch sees it. */
export class Stopped extends Error {
  readonly status: "ABORTED" | "TIMED_OUT";
  readonly error: string | undefined;
  readonly causeText: string | undefined;

  constructor(status: "ABORTED" | "TIMED_OUT", error?: string, cause?: string) {
    super(status);
    this.name = "Stopped";
    this.status = status;
    this.error = error;
    this.causeText = cause;
  }
}

/** Errors that `States.ALL` does not match; the second is not even matched by its name (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html). */
const TERMINAL = new Set(["States.DataLimitExceeded", "States.Runtime"]);

/** Whether an `ErrorEquals` list matches an error's name. */
export function matchesError(names: string[], error: string | undefined): boolean {
  return names.some((name) => {
    if (error === "States.Runtime") return false;
    if (name === error) return true;
    if (name === "States.ALL") return !TERMINAL.has(error ?? "");
    if (name === "States.TaskFailed")
      return error !== "States.Timeout" && !TERMINAL.has(error ?? "") && !isOfTheEngine(error);
    return name === "States.Timeout" && error === "States.HeartbeatTimeout";
  });
}

/** Errors raised by the engine itself are not failures of a task. */
function isOfTheEngine(error: string | undefined): boolean {
  return (error?.startsWith("States.") ?? false) && error !== "States.TaskFailed";
}
