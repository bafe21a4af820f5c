import type * as z from "zod";
import type { Context } from "./context.ts";
import { parsed } from "./parsed.ts";
import type { CheckEvent, Measurement, RunContext } from "./protocol.ts";
import { serve } from "./serve.ts";
import type { CheckSpec } from "./spec.ts";

/** A check's handler: what is measured becomes a verdict; a measurement that could not be made is `error`. */
export function serveCheck<Input extends z.ZodType>(
  spec: CheckSpec<Input>,
  measure: (
    input: z.output<Input>,
    context: Context & { run: RunContext },
  ) => Promise<Omit<Measurement, "check" | "at">>,
) {
  return serve(spec.kind, async (event: CheckEvent, context): Promise<Measurement> => {
    const input = parsed(spec.input, event.input, "with");
    const found = await measure(input, { ...context, run: event.run });
    return { check: event.check.id, ...found, at: new Date(context.now()).toISOString() };
  });
}
