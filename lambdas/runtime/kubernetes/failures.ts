import { WatchdogError } from "../errors.ts";

/** The `Status` that a cluster's API server answers instead of what was asked for. */
export interface Status {
  message?: string;
  reason?: string;
}

/**
 * The object was written by somebody between reading and writing it. Nothing was changed.
 *
 * Never leaves this folder: who changes an object reads it again and looks whether it is still what it may change.
 */
export class Conflict extends Error {}

/** An answer of the API server as an error under a name of the table; 404 of a read is no error and not meant here. */
export function failureOf(
  cluster: string,
  what: string,
  code: number,
  { message = "", reason = "" }: Status,
): Error {
  const said = `The cluster ${cluster} answered ${code} ${reason} to ${what}: ${message}`;
  if (code === 409) return new Conflict(said);
  if (code === 401)
    return new WatchdogError(
      "AccessDenied",
      `${said}. Nothing was done by this call. Look whether the function's role still has its access entry in the cluster.`,
    );
  if (code === 403)
    return new WatchdogError(
      "AccessDenied",
      `${said}. Nothing was done by this call. Apply the plan's roles in the cluster again: watchdog cluster-access.`,
    );
  if (code === 404)
    return new WatchdogError(
      "ChangedSincePreflight",
      `${said}. It is gone. Nothing was changed by this call.`,
    );
  if (code === 429) return new WatchdogError("Throttled", said);
  if (code >= 500) return new WatchdogError("ServiceUnavailable", said);
  return new WatchdogError("WorkFailed", `${said}. It was left as it was.`);
}
