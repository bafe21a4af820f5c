import { z } from "zod";
import { THRESHOLD } from "../threshold.ts";

/** The name of something in a plan. */
export const Id = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    "lower-case letters, digits and hyphens, at most 40, starting with a letter",
  )
  .describe("lower-case letters, digits and hyphens, at most 40, starting with a letter");

/** A duration, zero too. Read with `duration.ts`. */
export const Duration = z
  .string()
  .regex(/^\d{1,6}(s|m|h|d)$/, 'a number and s, m, h or d, for example "30s" or "2m"')
  .describe('a duration: a number and s, m, h or d, for example "30s"');

/** A duration above zero. */
export const Span = z
  .string()
  .regex(/^0*[1-9]\d{0,5}(s|m|h|d)$/, 'a number above zero and s, m, h or d, for example "30s" or "2m"')
  .describe('a duration above zero: a number and s, m, h or d, for example "30s"');

/** A comparison and a number, of a baseline or not. Read with `threshold.ts`. */
export const Threshold = z
  .string()
  .regex(
    THRESHOLD,
    'a comparison and a number, for example "> 10", "> 150% of baseline" or "> 3 deviations from baseline"',
  )
  .describe(
    'a comparison and a number, for example "> 10", "> 150% of baseline" or "> 3 deviations from baseline"',
  );
