import type { RunContext } from "../runtime/protocol.ts";
import { RAMP_ERRORS } from "../runtime/protocol.ts";
import type { Ramp } from "../runtime/ramp.ts";

/** What a hold that must not begin throws: Step Functions sees the same error as if it had been woken. */
export function interrupted(run: RunContext, ramp: Ramp | undefined): Error {
  const fired = ramp?.run === run.id && ramp.overtakenBy === undefined && ramp.fired !== undefined;
  const error = new Error(
    fired
      ? ramp.fired
      : ramp?.run === run.id && ramp.overtakenBy
        ? `run ${ramp.overtakenBy} began`
        : `ramp ${run.id} is not on any more`,
  );
  error.name = fired ? RAMP_ERRORS.fired : RAMP_ERRORS.overtaken;
  return error;
}
