import { RAMP_ERRORS } from "./protocol.ts";
import type { Ramp } from "./ramp.ts";

/** What came between a ramp and its next step, by the name that Step Functions sees. */
interface Interruption {
  error: typeof RAMP_ERRORS.fired | typeof RAMP_ERRORS.overtaken | typeof RAMP_ERRORS.replaced;
  why: string;
}

/**
 * Why a ramp may not go on up; undefined when nothing came between. A run, and another deployment, end it; a criterion
 * turns it, and counts for less than they do. Pure.
 */
export function interruption(run: string, ramp: Ramp | undefined): Interruption | undefined {
  if (ramp?.run !== run || ramp.state !== "on")
    return { error: RAMP_ERRORS.overtaken, why: `ramp ${run} is not on any more` };
  if (ramp.overtakenBy) return { error: RAMP_ERRORS.overtaken, why: `run ${ramp.overtakenBy} began` };
  if (ramp.replacedBy)
    return {
      error: RAMP_ERRORS.replaced,
      why: `version ${ramp.replacedBy} was deployed while ${ramp.version} went out again`,
    };
  return ramp.fired ? { error: RAMP_ERRORS.fired, why: ramp.fired } : undefined;
}

/** What a wait that must not begin throws: Step Functions sees the same error as if it had been woken. */
export function interrupted(run: string, ramp: Ramp | undefined): Error | undefined {
  const found = interruption(run, ramp);
  if (!found) return undefined;
  const error = new Error(found.why);
  error.name = found.error;
  return error;
}
