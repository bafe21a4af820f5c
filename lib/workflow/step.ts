import type { Stage, Step } from "../plan/schema.ts";
import { POLL_SHARE, timingOf } from "../plan/timing.ts";
import type { Machine, State } from "./asl.ts";
import { actionBinding, type Context, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import type { StepNames } from "./names.ts";
import { changePayload, pollPayload } from "./payloads.ts";
import { changeRetry } from "./retry.ts";
import { ENTERED, quoted } from "./variables.ts";

/** An answer with every field a later expression reads, so that a bad answer fails here, in the Task, not in a Choice. */
export const ANSWER =
  '{% {"done": $states.result.Payload.done = true, "note": $states.result.Payload.note, "again": $states.result.Payload.again = true, "progress": $states.result.Payload.progress, "outputs": $states.result.Payload.outputs} %}';

/** What the console and the live view show of a verb: its note alone. */
export const NOTE = '{% {"done": $states.result.Payload.done = true, "note": $states.result.Payload.note} %}';

/** When a phase that begins in this state must be over, epoch milliseconds. */
export const deadlineIn = (timeoutSeconds: number) =>
  `{% $toMillis(${ENTERED}) + ${timeoutSeconds * 1000} %}`;

/** The wait before the next poll, see `pauseAfter`: how long it is follows from how far the deadline is. */
export function pauseIn(timing: { timeoutSeconds: number; pollSeconds: number }, deadline: string): string {
  const elapsed = `($toMillis(${ENTERED}) - ${deadline} + ${timing.timeoutSeconds * 1000})`;
  return `{% $max([${timing.pollSeconds}, $ceil(${elapsed} / ${POLL_SHARE * 1000})]) %}`;
}

/**
 * One step as a branch of its stage: apply, then wait and poll until it is done or its deadline has passed. A poll that
 * finds something left to change asks for apply again, as often as the action's spec allows.
 * Its output is `{step, note, outputs}`; what it does not say of its outputs stays as preflight expected it.
 */
export function stepBranch(context: Context, stage: Stage, step: Step, names: StepNames): Machine {
  const { read, write } = actionBinding(context, step.action);
  const timing = timingOf(step, context.registries);
  const { timeoutSeconds, phases } = timing;
  const known = `$steps.\`${step.id}\``;
  const states: Record<string, State> = {
    [names.apply]: invoke(context, write, changePayload(stage, step, "apply"), {
      timeoutSeconds: TASK_SECONDS.apply,
      Retry: changeRetry(),
      Assign: {
        answer: ANSWER,
        deadline:
          phases > 1
            ? `{% $exists($deadline) ? $deadline : $toMillis(${ENTERED}) + ${timeoutSeconds * 1000} %}`
            : deadlineIn(timeoutSeconds),
        ...(phases > 1 ? { applied: "{% ($exists($applied) ? $applied : 0) + 1 %}" } : {}),
      },
      Output: NOTE,
      Next: names.done,
    }),
    [names.done]: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $answer.done %}", Next: names.isDone },
        { Condition: `{% $toMillis(${ENTERED}) > $deadline %}`, Next: names.tookTooLong },
        ...(phases > 1
          ? [{ Condition: `{% $answer.again and $applied < ${phases} %}`, Next: names.apply }]
          : []),
      ],
      Default: names.wait,
      Output: {},
    },
    [names.wait]: { Type: "Wait", Seconds: pauseIn(timing, "$deadline"), Output: {}, Next: names.poll },
    [names.poll]: invoke(context, read, pollPayload(stage, step, "apply"), {
      timeoutSeconds: TASK_SECONDS.poll,
      Assign: { answer: ANSWER },
      Output: NOTE,
      Next: names.done,
    }),
    [names.isDone]: {
      Type: "Succeed",
      Output: {
        step: step.id,
        note: '{% $exists($answer.note) ? $answer.note : "" %}',
        outputs: `{% $merge([$exists(${known}) ? ${known} : {}, $exists($answer.outputs) ? $answer.outputs : {}]) %}`,
      },
    },
    [names.tookTooLong]: {
      Type: "Fail",
      Error: "StepDeadlineExceeded",
      Cause: `{% ${quoted(`${step.id} was not done after ${timeoutSeconds} seconds; it last said: `)} & ($exists($answer.note) ? $string($answer.note) : "nothing") %}`,
    },
  };
  return { StartAt: names.apply, States: states };
}
