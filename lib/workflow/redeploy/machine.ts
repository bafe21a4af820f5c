import type { RampBeginEvent, RampEndEvent } from "../../../lambdas/runtime/protocol.ts";
import { seconds } from "../../plan/duration.ts";
import { planHash } from "../../plan/load.ts";
import { type RampStep, rampSteps } from "../../plan/redeploy.ts";
import { registries as builtIn, type Registries } from "../../plan/registries.ts";
import type { Plan } from "../../plan/schema.ts";
import type { Machine, State, Task } from "../asl.ts";
import { type Bindings, type Context, handlerBinding, invoke } from "../context.ts";
import { MARGIN, phaseBound, TASK_SECONDS, taskBound } from "../deadline.ts";
import { call } from "../escalation/start.ts";
import type { Payload } from "../payloads.ts";
import { readRetry } from "../retry.ts";
import { catchAll, catchQuietly, EMPTY, ENTERED, noted } from "../variables.ts";
import { budgetOf, leave } from "./admission.ts";
import { backStates } from "./back.ts";
import { stops, THROWN, where } from "./ends.ts";
import { holdBound } from "./hold.ts";
import { RAMP, rampContext } from "./names.ts";
import { stepEntry, stepStates } from "./step.ts";
import { tell } from "./tell.ts";

/**
 * The machine that brings a fixed release out again: step after step, each held and measured by executions of the
 * hold's own machine, and back to the previous step at the first criterion that fires. It holds the lock only while it
 * changes something. Every way but one ends in Fail. Pure.
 */
export function compileRedeploy(plan: Plan, bindings: Bindings, registries: Registries = builtIn): Machine {
  const steps = rampSteps(plan);
  const context = rampContext({ plan, bindings, registries });
  const boundSeconds = rampBound(plan, registries);
  return {
    Comment: `Brings a fixed release of ${plan.service} out again: ${steps.map(({ name }) => name).join(", ")}`,
    QueryLanguage: "JSONata",
    StartAt: RAMP.begin,
    TimeoutSeconds: boundSeconds,
    States: {
      ...beginStates(context, plan, steps, boundSeconds),
      ...Object.assign(
        {},
        ...steps.map(({ index }) => ({
          ...stepStates(context, steps, index),
          ...backStates(context, steps, index),
        })),
      ),
      ...endStates(context, steps),
    },
  };
}

const EXECUTION = "$states.context.Execution";

function beginStates(
  context: Context,
  plan: Plan,
  steps: RampStep[],
  boundSeconds: number,
): Record<string, State> {
  const hash = planHash(plan);
  const payload: Payload<RampBeginEvent> = {
    verb: "begin",
    input: `{% ${EXECUTION}.Input %}`,
    execution: {
      id: `{% ${EXECUTION}.Id %}`,
      name: `{% ${EXECUTION}.Name %}`,
      startTime: `{% ${EXECUTION}.StartTime %}`,
    },
    plan: hash,
    service: plan.service,
    budget: budgetOf(plan),
    observe: plan.mode === "observe",
    boundSeconds,
  };
  const unknownRun = {
    id: `{% ${EXECUTION}.Name %}`,
    service: plan.service,
    startedAt: `{% ${EXECUTION}.StartTime %}`,
    generation: -1,
    dryRun: false,
    reason: "not known: the ramp could not begin",
    trigger: { type: "manual", by: "unknown" },
    redeploys: "unknown",
    plan: hash,
  };
  const timeline = noted(RAMP.begin).replace("$timeline", "[]");
  const empty = { ...EMPTY, leg: 0, timeline, held: { held: false } };
  return {
    [RAMP.begin]: invoke(context, handlerBinding(context, "redeploy"), payload, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: {
        ...empty,
        run: "{% $states.result.Payload.run %}",
        admission:
          '{% {"outcome": $states.result.Payload.outcome, "reason": $states.result.Payload.reason} %}',
      },
      Output: { outcome: "{% $states.result.Payload.outcome %}" },
      Next: RAMP.begun,
      Catch: catchAll(RAMP.begin, RAMP.announceRefusal).map((catcher) => ({
        ...catcher,
        Assign: {
          ...empty,
          run: unknownRun,
          admission: { outcome: "refused", reason: `{% ${THROWN} %}` },
          ...catcher.Assign,
        },
      })),
    }),
    [RAMP.begun]: {
      Type: "Choice",
      Choices: [{ Condition: '{% $admission.outcome = "admitted" %}', Next: RAMP.announceStart }],
      Default: RAMP.announceRefusal,
      Output: {},
    },
    [RAMP.announceRefusal]: tell(
      context,
      {
        phase: "ended",
        ...where(steps, -1),
        outcome: "{% $admission.outcome %}",
        ending: "{% $admission.outcome %}",
        because: "{% $admission.reason %}",
      },
      { Next: RAMP.notBegun, Catch: catchQuietly(RAMP.notBegun) },
      { now: true },
    ),
    [RAMP.notBegun]: {
      Type: "Fail",
      Error: '{% $admission.outcome = "frozen" ? "Frozen" : "Refusal" %}',
      Cause: "{% $substring($string($admission.reason), 0, 4000) %}",
    },
    [RAMP.announceStart]: tell(
      context,
      { phase: "started", ...where(steps, -1), next: steps[0]!.name },
      { Next: stepEntry(steps, 0), Catch: stops(RAMP.announceStart, steps, -1) },
    ),
  };
}

/** Calls `redeploy` to end the ramp in its row, in the history and in the lock's. */
function endTask(
  context: Context,
  given: Pick<Payload<RampEndEvent>, "outcome" | "ending">,
  rest: Pick<Task, "Next" | "Catch" | "Assign">,
): Task {
  const payload = { verb: "end", run: "{% $run %}", ...given };
  return invoke(context, handlerBinding(context, "redeploy"), payload, {
    timeoutSeconds: TASK_SECONDS.handler,
    Output: "{% $states.result.Payload %}",
    ...rest,
  });
}

/** The common end of every way back, the good end, and the one end of everything else. */
function endStates(context: Context, steps: RampStep[]): Record<string, State> {
  const last = steps.length - 1;
  const afterEnd = context.plan.escalation ? RAMP.needed : RAMP.ended;
  const ends = {
    step: "{% $at.step %}",
    number: "{% $at.number %}",
    outcome: "{% $outcome %}",
    ending: "{% $ending %}",
    because: "{% $because %}",
  } as never as Payload<{ step: string; number: number }>;
  const done = { ...where(steps, last), outcome: "redeployed", ending: "redeployed" } as const;
  return {
    // Without changes there is no lock to give back, and no state that leads here.
    ...(steps.some(({ stage }) => stage.steps.length > 0)
      ? {
          [RAMP.giveBack]: leave(context, {
            Next: RAMP.announceBack,
            Catch: catchAll(RAMP.giveBack, RAMP.announceBack),
          }),
        }
      : {}),
    [RAMP.announceBack]: tell(
      context,
      {
        phase: "back",
        step: "{% $from.step %}",
        number: "{% $from.number %}" as never,
        next: "{% $at.step %}",
        because: "{% $because %}",
      },
      { Next: RAMP.settle, Catch: catchQuietly(RAMP.settle) },
    ),
    [RAMP.settle]: {
      Type: "Wait",
      Seconds: seconds(context.plan.redeploy!.settle),
      Output: {},
      Next: RAMP.end,
    },
    [RAMP.finish]: endTask(
      context,
      { outcome: "redeployed", ending: "redeployed" },
      {
        Assign: { finished: "{% $states.result.Payload.ended = true %}" },
        Next: RAMP.finished,
        Catch: stops(RAMP.finish, steps, last),
      },
    ),
    [RAMP.finished]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $finished %}", Next: RAMP.announceDone }],
      // Something fired in the very last moment: it is not out yet.
      Default: `Go back from ${steps[last]!.name}`,
      Assign: {
        held: {
          held: false,
          error: "CriterionFired",
          cause: "a criterion fired at the end of the last step",
        },
      },
      Output: {},
    },
    [RAMP.announceDone]: tell(
      context,
      { phase: "ended", ...done },
      { Next: RAMP.redeployed, Catch: stops(RAMP.announceDone, steps, last) },
      { now: true },
    ),
    [RAMP.redeployed]: {
      Type: "Succeed",
      Output: { outcome: "redeployed", run: "{% $run.id %}", version: "{% $run.redeploys %}" },
    },
    [RAMP.end]: endTask(
      context,
      { outcome: "{% $outcome %}", ending: "{% $ending %}" },
      { Next: RAMP.announceEnd, Catch: catchQuietly(RAMP.announceEnd) },
    ),
    [RAMP.announceEnd]: tell(
      context,
      { phase: "ended", ...ends } as never,
      { Next: afterEnd, Catch: catchQuietly(afterEnd) },
      { now: true },
    ),
    ...ladderStates(context),
    [RAMP.ended]: {
      Type: "Fail",
      Error: `{% $lookup(${JSON.stringify(ERRORS)}, $outcome) %}`,
      Cause: '{% $substring($ending & ": " & $because, 0, 4000) %}',
    },
  };
}

/** A ramp that could not go on calls people until somebody comes, as a run that failed does. */
function ladderStates(context: Context): Record<string, State> {
  if (!context.plan.escalation) return {};
  const failure = `{% {"error": "RampFailed", "cause": $string($because), "state": $string($at.step), "at": ${ENTERED}} %}`;
  return {
    [RAMP.needed]: {
      Type: "Choice",
      Choices: [{ Condition: '{% $outcome = "failed" %}', Next: RAMP.call }],
      Default: RAMP.ended,
      Output: {},
    },
    [RAMP.call]: call(
      context,
      "redeploy",
      { Next: RAMP.ended, Catch: catchQuietly(RAMP.ended) },
      { failure },
    ),
  };
}

const ERRORS = {
  redeployed: "NotAnnounced",
  back: "WentBack",
  overtaken: "Overtaken",
  frozen: "Frozen",
  failed: "RampFailed",
  refused: "Refusal",
};

/** Seconds within which every ramp of a plan ends, whatever the functions do. */
export function rampBound(plan: Plan, registries: Registries): number {
  const handler = taskBound(TASK_SECONDS.handler, readRetry());
  const longestLeg = Math.max(...rampSteps(plan).map(({ legSeconds }) => legSeconds));
  let total = 6 * handler + seconds(plan.redeploy!.settle);
  for (const { stage, legs, holdSeconds } of rampSteps(plan)) {
    total += holdSeconds + legs * (holdBound(plan, registries) - longestLeg + 3 * handler) + 4 * handler;
    const phases = stage.steps.map((step) => phaseBound(step, registries));
    // Made side by side, let end, and taken back one after the other.
    total +=
      taskBound(TASK_SECONDS.preflight, readRetry()) +
      Math.max(0, ...phases) +
      TASK_SECONDS.apply +
      phases.reduce((sum, each) => sum + each, 0);
  }
  return Math.ceil(total * MARGIN);
}
