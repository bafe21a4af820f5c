import { RAMP_ERRORS } from "../../../lambdas/runtime/protocol.ts";
import type { RampStep } from "../../plan/redeploy.ts";
import type { State, Task } from "../asl.ts";
import { type Context, MissingBinding } from "../context.ts";
import { TASK_SECONDS } from "../deadline.ts";
import { preflightBranches } from "../preflight.ts";
import { SERVICE_ERRORS } from "../retry.ts";
import { letEnd, unlessEnded } from "../stage.ts";
import { stepBranch } from "../step.ts";
import { catchAll, noted } from "../variables.ts";
import { enter, leave } from "./admission.ts";
import { askEntry, askStates, fired } from "./approval.ts";
import { backEntry } from "./back.ts";
import { ending, goingBack, stops, THROWN, where } from "./ends.ts";
import { holdBound } from "./hold.ts";
import { ofStep, RAMP } from "./names.ts";
import { anewEntry, anewStates, asResolved } from "./resolve.ts";
import { tell } from "./tell.ts";

/** First state of a step; after the last one, the end. */
export function stepEntry(context: Context, steps: RampStep[], index: number): string {
  const step = steps[index];
  if (!step) return RAMP.finish;
  const names = ofStep(step.name);
  return step.stage.steps.length > 0 ? askEntry(context, steps, { index, next: names.enter }) : names.tell;
}

/**
 * One step up: approved where the plan asks, let in, every change resolved as it was foreseen, then made, the lock given
 * back, people told; then the hold, in executions of their own and without the lock.
 */
export function stepStates(context: Context, steps: RampStep[], index: number): Record<string, State> {
  const step = steps[index]!;
  const names = ofStep(step.name);
  const next = stepEntry(context, steps, index + 1);
  const following = steps[index + 1]?.name ?? "the end";
  const here = { ...where(steps, index), holdSeconds: step.holdSeconds, next: following };
  return {
    ...(step.stage.steps.length > 0
      ? {
          ...askStates(context, steps, { index, next: names.enter }),
          ...changeStates(context, steps, index),
        }
      : {}),
    [names.tell]: tell(
      context,
      { phase: "step", ...here },
      {
        Assign: { leg: 0, timeline: noted(names.tell) },
        Next: names.hold,
        Catch: stops(names.tell, steps, index),
      },
      step.stage.steps.length > 0 ? {} : { changes: {} },
    ),
    [names.hold]: hold(context, steps, index),
    [names.held]: {
      Type: "Choice",
      Choices: [
        ...(step.legs > 1
          ? [{ Condition: `{% $held.held = true and $leg < ${step.legs} %}`, Next: names.still }]
          : []),
        { Condition: "{% $held.held = true %}", Next: next },
        {
          Condition: `{% $held.error = ${JSON.stringify(RAMP_ERRORS.overtaken)} %}`,
          Next: RAMP.end,
          Assign: ending(steps, index, "overtaken", "$held.cause"),
        },
        {
          Condition: `{% $held.error = ${JSON.stringify(RAMP_ERRORS.replaced)} %}`,
          Next: RAMP.end,
          Assign: ending(steps, index, "replaced", "$held.cause"),
        },
        {
          Condition: `{% $held.error = ${JSON.stringify(RAMP_ERRORS.inconclusive)} %}`,
          Next: RAMP.end,
          Assign: ending(steps, index, "failed", "$held.cause"),
        },
      ],
      Default: names.goBack,
      Output: {},
    },
    ...(step.legs > 1
      ? {
          [names.still]: tell(
            context,
            {
              phase: "progress",
              ...here,
              heldSeconds: `{% $min([$leg * ${step.legSeconds}, ${step.holdSeconds}]) %}`,
            },
            { Next: names.hold, Catch: stops(names.still, steps, index) },
            step.stage.steps.length > 0 ? {} : { changes: {} },
          ),
        }
      : {}),
  };
}

/** From the lock taken to the lock given back. */
function changeStates(context: Context, steps: RampStep[], index: number): Record<string, State> {
  const step = steps[index]!;
  const names = ofStep(step.name);
  const own = context.names.stages[index]!;
  return {
    [names.enter]: enter(context, step, "up", {
      Next: names.entered,
      Catch: stops(names.enter, steps, index - 1),
    }),
    [names.entered]: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $admission.outcome = "admitted" %}', Next: names.preflight },
        // It fired when the step before had just been held to its end.
        {
          Condition: '{% $admission.outcome = "fired" %}',
          ...fired(steps, index - 1, "$admission.reason"),
        },
      ],
      Default: RAMP.end,
      Assign: ending(steps, index - 1, { expression: "$admission.outcome" }, "$admission.reason"),
      Output: {},
    },
    [names.preflight]: {
      Type: "Parallel",
      Branches: preflightBranches(context, index),
      Assign: {
        changes: "{% $merge([$changes, $merge($states.result.{step: change})]) %}",
        // A notice speaks of its own step's changes.
        summaries:
          '{% $merge($states.result.{step: {"summary": change.summary, "evidence": change.evidence}}) %}',
        steps:
          "{% $merge([$steps, $merge($states.result.{step: $exists(change.expects) ? change.expects : {}})]) %}",
        timeline: noted(names.preflight),
      },
      Output: {},
      Next: names.asResolved,
      Catch: stops(names.preflight, steps, index - 1),
    },
    [names.asResolved]: asResolved(context, steps, index),
    [own.run]: {
      Type: "Parallel",
      Branches: step.stage.steps.map((each, number) =>
        stepBranch(context, step.stage, each, own.steps[number]!),
      ),
      Assign: {
        steps: "{% $merge([$steps, $merge($states.result.{step: outputs})]) %}",
        timeline: noted(own.run),
      },
      Output: '{% {"note": $join($states.result.(step & ": " & note), "; ")} %}',
      Next: anewEntry(context, steps, index),
      // The lock is still held: what was begun is taken back at once.
      Catch: unlessEnded(
        step.stage,
        own.ends,
        catchAll(own.run, backEntry(context, index)).map((catcher) => ({
          ...catcher,
          Assign: { ...catcher.Assign, ...goingBack(steps, index), because: `{% ${THROWN} %}` },
        })),
      ),
    },
    [own.ends]: { ...letEnd, Next: backEntry(context, index) },
    ...anewStates(context, steps, index, stops(names.anew, steps, index)),
    [names.leave]: leave(context, { Next: names.tell, Catch: stops(names.leave, steps, index) }),
  };
}

/** One part of a step's hold, as an execution of its own that is waited for. */
function hold(context: Context, steps: RampStep[], index: number): Task {
  const { bindings, plan, registries } = context;
  const step = steps[index]!;
  const names = ofStep(step.name);
  if (bindings.hold === undefined) throw new MissingBinding("handler", "hold");
  return {
    Type: "Task",
    Resource: `arn:${bindings.partition ?? "aws"}:states:::states:startExecution.sync:2`,
    Arguments: {
      StateMachineArn: bindings.hold,
      // The same call twice is one execution.
      Name: `{% $substring($run.id, 0, 70) & "-${index + 1}-" & $string($leg + 1) %}`,
      Input: {
        AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: "{% $states.context.Execution.Id %}",
        run: "{% $run %}",
        step: index,
        name: step.name,
        seconds: `{% $min([${step.legSeconds}, ${step.holdSeconds} - $leg * ${step.legSeconds}]) %}`,
        everySeconds: step.everySeconds,
      },
    },
    TimeoutSeconds: holdBound(plan, registries) + TASK_SECONDS.handler,
    // Only the call itself: a hold that failed is not held again.
    Retry: [
      {
        ErrorEquals: STARTING,
        IntervalSeconds: 2,
        MaxAttempts: 6,
        BackoffRate: 2,
        MaxDelaySeconds: 30,
        JitterStrategy: "FULL",
      },
    ],
    Assign: {
      held: '{% ($out := $states.result.Output; {"held": $out.held = true, "error": $exists($out.error) ? $out.error : "", "cause": $exists($out.cause) ? $out.cause : "nothing was said"}) %}',
      checks: "{% $exists($states.result.Output.checks) ? [$states.result.Output.checks] : [] %}",
      leg: "{% $leg + 1 %}",
    },
    Output: { held: "{% $states.result.Output.held = true %}" },
    Next: names.held,
    Catch: stops(names.hold, steps, index),
  };
}

/** Step Functions calling itself: its passing faults, named as for Lambda. */
const STARTING = Object.keys(SERVICE_ERRORS)
  .filter((name) => name.endsWith("SdkClientException") || name.endsWith("TooManyRequestsException"))
  .map((name) => name.replace("Lambda.", "StepFunctions."));
