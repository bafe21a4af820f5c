import { seconds } from "../plan/duration.ts";
import type { State } from "./asl.ts";
import { type Context, handlerBinding, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { FIXED } from "./names.ts";
import { comparePayload } from "./payloads.ts";
import { catchAll, foundOut, noted } from "./variables.ts";

const MEASURED =
  '{% {"value": $states.result.Payload.value, "worse": $states.result.Payload.worse = true, "note": $states.result.Payload.note} %}';

/** Whether the metric of the plan's `worse` is compared after a stage. */
export const isCompared = ({ plan }: Context, index: number): boolean =>
  plan.worse?.after.includes(plan.stages[index]!.name) ?? false;

/** Measures what the service's metric is before the first change; then `next`. Nothing to measure: no state. */
export function measureBefore(context: Context, next: string): Record<string, State> {
  if (!context.plan.worse) return {};
  return {
    [FIXED.measureBefore]: invoke(
      context,
      handlerBinding(context, "compare"),
      comparePayload(context.plan, null),
      {
        timeoutSeconds: TASK_SECONDS.handler,
        Assign: { before: MEASURED, timeline: noted(FIXED.measureBefore) },
        Output: "{% $states.result.Payload %}",
        Next: next,
        Catch: catchAll(FIXED.measureBefore, FIXED.reportFailure),
      },
    ),
  };
}

/** After a stage: wait until it can be seen, compare, and undo the stage if the service got worse (invariant 15). */
export function compareStates(
  context: Context,
  index: number,
  next: string,
  undo: string,
): Record<string, State> {
  const { worse } = context.plan;
  if (!worse || !isCompared(context, index)) return {};
  const names = context.names.stages[index]!;
  return {
    [names.seen]: { Type: "Wait", Seconds: seconds(worse.wait), Output: {}, Next: names.compare },
    [names.compare]: invoke(
      context,
      handlerBinding(context, "compare"),
      comparePayload(context.plan, "{% $exists($before.value) ? $before.value : null %}"),
      {
        timeoutSeconds: TASK_SECONDS.handler,
        Assign: { compared: MEASURED, timeline: noted(names.compare) },
        Output: "{% $states.result.Payload %}",
        Next: names.worse,
        Catch: catchAll(names.compare, undo),
      },
    ),
    [names.worse]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $compared.worse %}", Next: names.gotWorse }],
      Default: next,
      Output: {},
    },
    [names.gotWorse]: {
      Type: "Pass",
      Assign: foundOut(
        names.run,
        "GotWorse",
        '{% "the service got worse: " & ($exists($compared.note) ? $string($compared.note) : "") %}',
      ),
      Output: {},
      Next: undo,
    },
  };
}
