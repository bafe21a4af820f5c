/** Machine milliseconds of quiet, healthy load before a release: at least one full alarm period at any speed. */
export const STEADY_MILLISECONDS = 3_000;
