import type { Sandbox } from "../sandbox/sandbox.ts";

/** Sandbox milliseconds: more than the two periods of a minute that most alarms look at. */
const QUIET = 180_000;
/** Machine milliseconds: a service's figures are told every second. */
const LEAST = 3_000;

/**
 * Machine milliseconds of healthy load before a release. On a slow clock it is longer: an alarm that still sees how the
 * service started would begin a run before anything was released.
 */
export const steadyMilliseconds = ({ world }: Sandbox): number => Math.max(LEAST, QUIET / world.clock.speed);
