import { Logger } from "@aws-lambda-powertools/logger";
import middy from "@middy/core";
import type { Context as LambdaContext } from "aws-lambda";
import type { z } from "zod";
import { type Context, processContext } from "./context.ts";
import { translated, WatchdogError } from "./errors.ts";
import { mayChange } from "./lock.ts";
import type {
  ActionEvent,
  Change,
  CheckEvent,
  Measurement,
  PreflightAnswer,
  ProgressAnswer,
  RunContext,
} from "./protocol.ts";
import { redact } from "./redact.ts";
import type { ActionSpec, CheckSpec } from "./spec.ts";

const logger = new Logger({ serviceName: "rollback-watchdog" });

/**
 * The one middy stack. Its middlewares return nothing and never answer for an error: whatever goes wrong reaches
 * Step Functions under its own name (STYLE: middy).
 */
export function serve<Event, Answer>(
  name: string,
  handle: (event: Event, context: Context) => Promise<Answer>,
) {
  return middy<Event, Answer, Error, LambdaContext>()
    .use({
      before: function keepKeys({ event, context }) {
        const { run, step, check, verb } = event as {
          run?: RunContext;
          step?: { id: string };
          check?: { id: string };
          verb?: string;
        };
        logger.resetKeys();
        logger.appendKeys({
          function: name,
          request: context.awsRequestId,
          run: run?.id,
          step: step?.id,
          check: check?.id,
          verb,
        });
        logger.info("called");
      },
      after: function logAnswer({ response }) {
        logger.info("answered", { answer: redact(response) as object });
      },
      onError: function logError({ error }) {
        logger.error("failed", { error: error as Error });
      },
    })
    .handler(async (event: Event) => {
      try {
        return await handle(event, processContext());
      } catch (error) {
        throw translated(error);
      }
    });
}

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

/** Parses against a schema; the error names the path and what was found. */
function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
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

/** An action's handler, from its spec and verbs. Before every apply the lock and the freeze are read. */
export function serveAction<Input extends z.ZodType, Before extends z.ZodType, Outputs extends z.ZodType>(
  spec: ActionSpec<Input, Before, Outputs>,
  verbs: Verbs<z.output<Input>, z.output<Before>>,
) {
  return serve(spec.kind, (event: ActionEvent, context) => runVerb(spec, verbs, event, context));
}

/** Runs one verb; apart from the stack, so that the contract suite can call it in-process. */
export async function runVerb<Input extends z.ZodType, Before extends z.ZodType, Outputs extends z.ZodType>(
  spec: ActionSpec<Input, Before, Outputs>,
  verbs: Verbs<z.output<Input>, z.output<Before>>,
  event: ActionEvent,
  context: Context,
): Promise<PreflightAnswer | ProgressAnswer> {
  const input = parsed(spec.input, event.input, "with");
  const step: StepContext = { ...context, run: event.run, step: event.step };
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
  await mayChange(context.tableName, event.run, context.now());
  return verbs.apply(input, change, step);
}

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
