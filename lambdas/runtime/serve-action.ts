import type * as z from "zod";
import type { Context } from "./context.ts";
import { WatchdogError } from "./errors.ts";
import { mayChange, mayPractise } from "./lock.ts";
import { parsed } from "./parsed.ts";
import type { ActionEvent, Change, PreflightAnswer, ProgressAnswer, RunContext } from "./protocol.ts";
import { serve } from "./serve.ts";
import type { ActionSpec } from "./spec.ts";

/** What the engine gives to a verb beside the input. */
export interface StepContext extends Context {
  run: RunContext;
  step: { id: string; kind: string; stage: string };
}

/** The four verbs of an action (DESIGN idea 1). Each may be called twice. */
export interface Verbs<Input, Before> {
  /** Read only: resolves everything to exact ids. */
  preflight(input: Input, context: StepContext): Promise<Change & { before: Before }>;
  apply(input: Input, change: Change & { before: Before }, context: StepContext): Promise<ProgressAnswer>;
  poll(
    input: Input,
    change: Change & { before: Before },
    context: StepContext & { phase: "apply" | "revert"; progress: unknown },
  ): Promise<ProgressAnswer>;
  revert(input: Input, change: Change & { before: Before }, context: StepContext): Promise<ProgressAnswer>;
}

/** An action's handler, from its spec and verbs. Before every apply the lock and the freeze are read. */
export function serveAction<Input extends z.ZodType, Before extends z.ZodType, Outputs extends z.ZodType>(
  spec: ActionSpec<Input, Before, Outputs>,
  verbs: Verbs<z.output<Input>, z.output<Before>>,
) {
  return serve(spec.kind, (event: ActionEvent, context) => runVerb(spec, verbs, event, context));
}

/**
 * The run whose work a verb is about. Names, labels and records derive from its id; a run that takes an ended one back
 * must find what that one made.
 */
function maker({ run, ...event }: ActionEvent): RunContext {
  const back = event.verb === "revert" || (event.verb === "poll" && event.phase === "revert");
  return back && run.undoes ? { ...run, id: run.undoes } : run;
}

/** Runs one verb; apart from the stack, so that the contract suite can call it in-process. */
export async function runVerb<Input extends z.ZodType, Before extends z.ZodType, Outputs extends z.ZodType>(
  spec: ActionSpec<Input, Before, Outputs>,
  verbs: Verbs<z.output<Input>, z.output<Before>>,
  event: ActionEvent,
  context: Context,
): Promise<PreflightAnswer | ProgressAnswer> {
  const input = parsed(spec.input, event.input, "with");
  const step: StepContext = { ...context, run: maker(event), step: event.step };
  if (event.verb === "preflight") return { change: await verbs.preflight(input, step) };
  const change = {
    ...event.change,
    before: parsed(spec.before, event.change?.before, "change.before"),
  } as Change & { before: z.output<Before> };
  if (event.verb === "poll")
    return verbs.poll(input, change, { ...step, phase: event.phase, progress: event.progress ?? undefined });
  if (event.verb === "revert") return verbs.revert(input, change, step);
  if (event.verb !== "apply")
    throw new WatchdogError(
      "BadInput",
      `There is no verb "${String((event as { verb: unknown }).verb)}". Nothing was done.`,
    );
  if (event.run.dryRun)
    throw new WatchdogError("BadInput", `Run ${event.run.id} is a dry run, and a dry run changes nothing.`);
  if (event.run.practice) {
    if (!spec.practice)
      throw new WatchdogError(
        "BadInput",
        `Run ${event.run.id} is a practice, and ${spec.kind} is no kind that is practised. Nothing was done.`,
      );
    await mayPractise(context.tableName, event.run, context.now());
  } else await mayChange(context.tableName, event.run, context.now());
  return verbs.apply(input, change, step);
}
