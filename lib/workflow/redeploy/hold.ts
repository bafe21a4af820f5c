import { RAMP_ERRORS, type RampHoldEvent } from "../../../lambdas/runtime/protocol.ts";
import { type RampStep, rampSteps } from "../../plan/redeploy.ts";
import { registries as builtIn, type Registries } from "../../plan/registries.ts";
import type { Check, Plan } from "../../plan/schema.ts";
import type { Machine, State } from "../asl.ts";
import { measure, NOT_PASSED, worstOf } from "../checks.ts";
import { type Bindings, type Context, handlerBinding, invoke } from "../context.ts";
import { checkSeconds, MARGIN, TASK_SECONDS, taskBound } from "../deadline.ts";
import { namesOf } from "../names.ts";
import type { Payload } from "../payloads.ts";
import { askRetry, readRetry } from "../retry.ts";
import { catchAll, ENTERED } from "../variables.ts";

/** The states of every hold. */
const HOLD = {
  begin: "Begin",
  hold: "Hold",
  wait: "Wait for a criterion",
  quiet: "Nothing fired",
  rounds: "Begin rounds",
  next: "Wait for next round",
  which: "Which checks?",
  measured: "Well so far?",
  notPassed: "Did not pass",
  notMeasured: "Not measured",
  all: "Every round passed",
  held: "Held",
  why: "Why not?",
  broken: "Broken off",
  failed: "Not watched",
} as const;

/** Input of one execution: a step, or a part of a long one. */
export interface HoldInput {
  run: unknown;
  /** Index and name of the step. */
  step: number;
  name: string;
  seconds: number;
  everySeconds: number;
}

/**
 * The machine that holds a step of a ramp: until its time is over, a criterion fires or a check does not pass,
 * whichever is first. An execution of its own for each day of it, so that a week of measuring never meets the limit of
 * history events. Pure.
 *
 * What ends a hold early is an answer here, not a fault: it succeeds and says `held: false` with one of RAMP_ERRORS.
 * Anything else fails it.
 */
export function compileHold(plan: Plan, bindings: Bindings, registries: Registries = builtIn): Machine {
  const context: Context = { plan, registries, bindings, names: namesOf(plan) };
  const early = Object.values(RAMP_ERRORS).map((error) => JSON.stringify(error));
  return {
    Comment: `Holds a step of the redeploy of ${plan.service}`,
    QueryLanguage: "JSONata",
    StartAt: HOLD.begin,
    TimeoutSeconds: holdBound(plan, registries),
    States: {
      [HOLD.begin]: {
        Type: "Pass",
        Assign: {
          run: "{% $states.input.run %}",
          given: "{% $states.input %}",
          heldFrom: `{% $toMillis(${ENTERED}) %}`,
        },
        Output: {},
        Next: HOLD.hold,
      },
      [HOLD.hold]: {
        Type: "Parallel",
        Branches: [waitBranch(context), roundsBranch(context)],
        Output: "{% $states.result[1] %}",
        Next: HOLD.held,
        Catch: catchAll(HOLD.hold, HOLD.why),
      },
      [HOLD.held]: {
        Type: "Succeed",
        Output: { held: true, error: EMPTY_TEXT, cause: EMPTY_TEXT, checks: "{% $states.input.checks %}" },
      },
      [HOLD.why]: {
        Type: "Choice",
        Choices: [{ Condition: `{% $failure.error in [${early.join(", ")}] %}`, Next: HOLD.broken }],
        Default: HOLD.failed,
        Output: {},
      },
      [HOLD.broken]: {
        Type: "Succeed",
        Output: { held: false, error: "{% $failure.error %}", cause: "{% $failure.cause %}", checks: [] },
      },
      [HOLD.failed]: { Type: "Fail", Error: "{% $failure.error %}", Cause: "{% $failure.cause %}" },
    },
  };
}

/** Validators take an empty text for one that is missing. */
const EMPTY_TEXT = '{% "" %}';

/** Waits for its time to pass; whoever holds the token of the state may end it before. */
function waitBranch(context: Context): Machine {
  const payload: Payload<RampHoldEvent> = {
    verb: "hold",
    run: "{% $run %}",
    step: "{% $given.name %}",
    token: "{% $states.context.Task.Token %}",
  };
  return {
    StartAt: HOLD.wait,
    States: {
      [HOLD.wait]: {
        ...invoke(context, handlerBinding(context, "redeploy"), payload, {
          timeoutSeconds: "{% $given.seconds %}",
          Retry: askRetry(),
          Next: HOLD.quiet,
          Catch: [{ ErrorEquals: ["States.Timeout"], Next: HOLD.quiet, Output: {} }],
        }),
        Resource: `arn:${context.bindings.partition ?? "aws"}:states:::lambda:invoke.waitForTaskToken`,
      },
      [HOLD.quiet]: { Type: "Succeed", Output: {} },
    },
  };
}

/** Measures in rounds, each at its own moment counted from the start, the last one at the end of the hold. */
function roundsBranch(context: Context): Machine {
  const sets = checkSets(context.plan);
  const names = sets.map(({ steps }) =>
    sets.length === 1 ? "Measure" : `Measure at ${steps.map(({ name }) => name).join(", ")}`.slice(0, 80),
  );
  const { tolerate } = context.plan.redeploy!;
  const over = "$round * $given.everySeconds >= $given.seconds";
  const measuring = sets.map(({ checks }, index): [string, State] => [
    names[index]!,
    measure(
      context,
      checks,
      checks.map(({ id }) => `Check ${id}${index === 0 ? "" : ` (${index + 1})`}`),
      {
        Assign: {
          round: "{% $round + 1 %}",
          verdict: `{% ${worstOf(checks.length)} %}`,
          inARow: `{% ($now := ${worstOf(checks.length)}; $now = "error" or $now = "inconclusive" ? $inARow + 1 : 0) %}`,
          checks: "{% $states.result %}",
        },
        Output: {},
        Next: HOLD.measured,
      },
    ),
  ]);
  return {
    StartAt: HOLD.rounds,
    States: {
      [HOLD.rounds]: {
        Type: "Pass",
        Assign: { round: 0, inARow: 0, verdict: "inconclusive", checks: [] },
        Output: {},
        Next: HOLD.next,
      },
      [HOLD.next]: {
        Type: "Wait",
        Timestamp:
          "{% $fromMillis($heldFrom + 1000 * $min([($round + 1) * $given.everySeconds, $given.seconds])) %}",
        Output: {},
        Next: sets.length === 1 ? names[0]! : HOLD.which,
      },
      ...(sets.length === 1
        ? {}
        : {
            [HOLD.which]: {
              Type: "Choice",
              Choices: sets.slice(1).map(({ steps }, index) => ({
                Condition: `{% $given.step in [${steps.map((step) => step.index).join(", ")}] %}`,
                Next: names[index + 1]!,
              })),
              Default: names[0]!,
              Output: {},
            } satisfies State,
          }),
      ...Object.fromEntries(measuring),
      [HOLD.measured]: {
        Type: "Choice",
        Choices: [
          { Condition: '{% $verdict = "failed" %}', Next: HOLD.notPassed },
          { Condition: `{% $inARow > ${tolerate} %}`, Next: HOLD.notMeasured },
          // The last word must be a measurement that passed.
          { Condition: `{% ${over} and $inARow > 0 %}`, Next: HOLD.notMeasured },
          { Condition: `{% ${over} %}`, Next: HOLD.all },
        ],
        Default: HOLD.next,
        Output: {},
      },
      [HOLD.notPassed]: { Type: "Fail", Error: RAMP_ERRORS.failed, Cause: NOT_PASSED },
      [HOLD.notMeasured]: { Type: "Fail", Error: RAMP_ERRORS.inconclusive, Cause: NOT_PASSED },
      [HOLD.all]: { Type: "Succeed", Output: { checks: "{% $checks %}" } },
    },
  };
}

/** The different lists of checks of a ramp, each with the steps that are held by it; the first is the default. */
export function checkSets(plan: Plan): { checks: Check[]; steps: RampStep[] }[] {
  const sets: { checks: Check[]; steps: RampStep[] }[] = [];
  for (const step of rampSteps(plan)) {
    const same = sets.find(({ checks }) => checks === step.checks);
    if (same) same.steps.push(step);
    else sets.push({ checks: step.checks, steps: [step] });
  }
  return sets;
}

/** Seconds within which one execution of a hold ends, whatever its functions do. */
export function holdBound(plan: Plan, registries: Registries): number {
  const bounds = rampSteps(plan).map(({ legSeconds, checks }) => {
    const measured = checks.map((check) => taskBound(checkSeconds(check, registries), readRetry()));
    // Only a token that could not be kept is tried again, which is found out in the time of a call. Measuring may begin at
    // the last moment.
    return legSeconds + taskBound(TASK_SECONDS.handler, askRetry()) + Math.max(0, ...measured);
  });
  return Math.ceil(Math.max(...bounds) * MARGIN);
}
