import type * as z from "zod";
import { WatchdogError } from "./errors.ts";

/** Parses against a schema; the error names the path and what was found. */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const said = result.error.issues
    .map(({ path, message }) => `${[what, ...path].join(".")}: ${message}`)
    .join("; ");
  throw new WatchdogError(
    "BadInput",
    `${said}. Nothing was done. Correct the plan, or the expression that made this value.`,
  );
}
