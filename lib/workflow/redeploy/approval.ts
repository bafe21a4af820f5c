import {
  type AskEvent,
  type Asking,
  RAMP_ERRORS,
  type RampAskEvent,
  type SettleEvent,
} from "../../../lambdas/runtime/protocol.ts";
import { seconds } from "../../plan/duration.ts";
import type { RampStep } from "../../plan/redeploy.ts";
import { quickest } from "../../plan/timing.ts";
import type { Catcher, State } from "../asl.ts";
import { type Context, handlerBinding, invoke } from "../context.ts";
import { TASK_SECONDS } from "../deadline.ts";
import type { Payload } from "../payloads.ts";
import { askRetry } from "../retry.ts";
import { ENTERED, noted, quoted } from "../variables.ts";
import { ending, stops, THROWN, where } from "./ends.ts";
import { asking, ofStep, RAMP } from "./names.ts";
import { tell } from "./tell.ts";

/** The level under which a ramp's changes are asked about; no plan's level has a space. */
const LEVEL = "the ramp";

/** What is asked about: the whole ramp (`index` -1), or the changes of one step. */
interface Question {
  index: number;
  /** After a yes. */
  next: string;
}

const WHOLE = "the ramp as a whole";
const namesFor = (steps: RampStep[], index: number) => asking(index < 0 ? WHOLE : steps[index]!.name);

/** First state of an approval, or what follows where the plan asks for none here. */
export function askEntry({ plan }: Context, steps: RampStep[], { index, next }: Question): string {
  const wanted = index < 0 ? "ramp" : "step";
  return plan.redeploy!.approval?.ask === wanted ? namesFor(steps, index).may : next;
}

/**
 * Approvers are asked without the lock, so that the service has its ordinary protection meanwhile: whatever ends or
 * turns a ramp ends the wait too. The answer is what the table says, bound to the changes as they are resolved; that they
 * still are is looked at with the lock, when they are to be made. Silence holds, always.
 */
export function askStates(context: Context, steps: RampStep[], question: Question): Record<string, State> {
  const { index, next } = question;
  const { plan, bindings } = context;
  const names = namesFor(steps, index);
  if (askEntry(context, steps, question) !== names.may) return {};
  const at = Math.max(-1, index - 1);
  const run = `{% $merge([$run, {"id": ${questionId(index)}}]) %}`;
  const changes = `{% ${asked(steps, index)} %}`;
  const decision = {
    decision: "approve",
    level: LEVEL,
    rule: "redeploy",
    because: `{% ${quoted(index < 0 ? "the version goes out again, in steps" : `${steps[index]!.name} is the next step of the version`)} & ": " & $run.redeploys & "; " & $run.reason %}`,
    inputs: {},
  };
  const may: Payload<RampAskEvent> = {
    verb: "ask",
    run: "{% $run %}",
    question: `{% ${questionId(index)} %}`,
  };
  const ask = {
    verb: "ask",
    ramp: "{% $run.id %}",
    run,
    decision,
    changes,
    asking: askingOf(context, steps, index),
    token: "{% $states.context.Task.Token %}",
  } as never as Payload<AskEvent>;
  const settle = { verb: "settle", run, decision, changes } as never as Payload<SettleEvent>;
  const ends = (outcome: "overtaken" | "replaced" | "rejected" | "held", because: string) => ({
    Next: RAMP.end,
    Assign: ending(steps, at, outcome, because),
  });
  return {
    [names.may]: invoke(context, handlerBinding(context, "redeploy"), may, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: {
        admission:
          '{% {"outcome": $states.result.Payload.outcome, "reason": $states.result.Payload.reason} %}',
        timeline: noted(names.may),
      },
      Output: { outcome: "{% $states.result.Payload.outcome %}" },
      Next: names.mayBe,
      Catch: stops(names.may, steps, at),
    }),
    [names.mayBe]: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $admission.outcome = "admitted" %}', Next: names.announce },
        { Condition: '{% $admission.outcome = "fired" %}', ...fired(steps, at, "$admission.reason") },
      ],
      Default: RAMP.end,
      Assign: ending(steps, at, { expression: "$admission.outcome" }, "$admission.reason"),
      Output: {},
    },
    [names.announce]: tell(
      context,
      { phase: "asked", ...where(steps, at), next: index < 0 ? "" : steps[index]!.name },
      { Next: names.ask, Catch: stops(names.announce, steps, at) },
      { changes },
    ),
    [names.ask]: {
      ...invoke(context, handlerBinding(context, "approval"), ask, {
        timeoutSeconds: seconds(plan.redeploy!.approval!.deadline),
        Retry: askRetry(),
        Output: {},
        Next: names.settle,
        Catch: [
          // The deadline, or an answer that came before the question could be asked again: the table says which.
          { ErrorEquals: ["States.Timeout", "ApprovalSettled"], Next: names.settle, Output: {} },
          woken(RAMP_ERRORS.fired, fired(steps, at, THROWN)),
          woken(RAMP_ERRORS.overtaken, ends("overtaken", THROWN)),
          woken(RAMP_ERRORS.replaced, ends("replaced", THROWN)),
          ...stops(names.ask, steps, at),
        ],
      }),
      Resource: `arn:${bindings.partition ?? "aws"}:states:::lambda:invoke.waitForTaskToken`,
    },
    [names.settle]: invoke(context, handlerBinding(context, "approval"), settle, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: { approval: "{% $states.result.Payload %}", timeline: noted(names.settle) },
      Output: { outcome: "{% $states.result.Payload.outcome %}" },
      Next: names.approved,
      Catch: stops(names.settle, steps, at),
    }),
    [names.approved]: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $approval.outcome = "approved" %}', Next: next },
        {
          Condition: '{% $approval.outcome = "rejected" %}',
          ...ends("rejected", "$string($approval.because)"),
        },
      ],
      Default: RAMP.end,
      Assign: ending(steps, at, "held", "$string($approval.because)"),
      Output: {},
    },
  };
}

const woken = (error: string, rest: Pick<Catcher, "Next" | "Assign">): Catcher => ({
  ErrorEquals: [error],
  ...rest,
  Output: {},
});

/** A criterion fired while a ramp was between two steps: back from the one it is at; from the start, there is nothing to take back. */
export function fired(steps: RampStep[], at: number, because: string) {
  return at >= 0
    ? {
        Next: ofStep(steps[at]!.name).goBack,
        Assign: { held: { held: false, error: RAMP_ERRORS.fired, cause: `{% ${because} %}` } },
      }
    : {
        Next: RAMP.end,
        Assign: { ...ending(steps, -1, "back", because), ending: `back at ${where(steps, -1).step}` },
      };
}

/** Each question is kept under an id of its own: the ramp's, and of a step its number too. */
const questionId = (index: number) =>
  index < 0 ? "$run.id" : `$substring($run.id, 0, 70) & "-step-${index + 1}"`;

/** The changes asked about, as they last resolved. */
const asked = (steps: RampStep[], index: number) =>
  index < 0
    ? "$foreseen"
    : `{${steps[index]!.stage.steps.map(({ id }) => `${quoted(id)}: $lookup($foreseen, ${quoted(id)})`).join(", ")}}`;

function askingOf({ plan, registries }: Context, steps: RampStep[], index: number): Payload<Asking> {
  const wanted = index < 0 ? steps : [steps[index]!];
  const made = wanted.map(({ stage }) => stage).filter(({ steps: each }) => each.length > 0);
  return {
    approvers: plan.approval!.approvers,
    expiresAt: `{% $fromMillis($toMillis(${ENTERED}) + ${seconds(plan.redeploy!.approval!.deadline)} * 1000) %}`,
    atDeadline: { [LEVEL]: { action: "hold", because: "a ramp never goes on by itself" } },
    dataSteps: [],
    expected: {
      changeSeconds: quickest(made, registries),
      watchSeconds: wanted.reduce((total, { holdSeconds }) => total + holdSeconds, 0),
    },
  } as never;
}
