import { reachedFrom } from "../plan/ladder.ts";
import { rollbackStages } from "../plan/recovery.ts";
import type { Stage, Step } from "../plan/schema.ts";
import { timingOf } from "../plan/timing.ts";
import type { Assign, State } from "./asl.ts";
import { caughtText } from "./caught.ts";
import { actionBinding, type Context, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { levelGate } from "./level.ts";
import { FIXED, type StepNames } from "./names.ts";
import { changePayload, pollPayload } from "./payloads.ts";
import { changeRetry } from "./retry.ts";
import { ANSWER, deadlineIn, NOTE, pauseIn } from "./step.ts";
import { catchAll, ENTERED, foundOut, quoted } from "./variables.ts";

/**
 * The way back: every step of the plan's stages, newest first, one after the other, so that one that cannot be
 * undone does not stop the others half-way. Revert works from not started, started and done alike, so whoever fails
 * in stage N enters at stage N and no record of how far a step came is needed. Nothing here leads back to success.
 */
export function revertStates(context: Context): Record<string, State> {
  return wayBack(context, { end: FIXED.reportFailure, stages: rollbackStages(context.plan) });
}

/** The same for a rollback that is taken back; it stops at the first step that cannot be. Then `end`. */
export function undoStates(context: Context, end: string): Record<string, State> {
  return wayBack(context, { end, stop: FIXED.reportFailure, stages: context.plan.stages.length });
}

/** Where taking a rollback back begins. */
export function undoEntry(context: Context, end: string): string {
  return wayBackEntry(context, context.plan.stages.length - 1, end);
}

interface WayBack {
  /** How many stages are undone: what waits for a watch that held is never begun by a run that goes back. */
  stages: number;
  /** After the oldest step. */
  end: string;
  /** Where a step that cannot be undone leads; on to the next unless given. */
  stop?: string;
}

function wayBack(context: Context, way: WayBack): Record<string, State> {
  const { plan, names } = context;
  const states: Record<string, State> = {};
  for (const [index, stage] of plan.stages.slice(0, way.stages).entries()) {
    const own = names.stages[index]!;
    const older = wayBackEntry(context, index - 1, way.end);
    // What was resolved can be undone, whether or not the run climbed as far as doing it.
    const levels = reachedFrom(plan, stage);
    if (levels) states[own.revertRuns] = levelGate(levels, own.steps.at(-1)!.revert, older);
    for (const [number, step] of stage.steps.entries()) {
      const next = number === 0 ? older : own.steps[number - 1]!.revert;
      Object.assign(states, revertStep(context, stage, step, own.steps[number]!, next, way.stop));
    }
  }
  return states;
}

/** Where a failure in a stage goes: its own newest step first. Before the first stage, or on hold: nothing to undo. */
export function revertEntry(context: Context, stage: number): string {
  return context.plan.onFailure === "hold"
    ? FIXED.reportFailure
    : wayBackEntry(context, stage, FIXED.reportFailure);
}

function wayBackEntry({ plan, names }: Context, stage: number, end: string): string {
  if (stage < 0) return end;
  const own = names.stages[stage]!;
  return reachedFrom(plan, plan.stages[stage]!) ? own.revertRuns : own.steps.at(-1)!.revert;
}

/** One step undone: revert, then wait and poll. `stop`: where it leads when it cannot be; `next` unless given. */
export function revertStep(
  context: Context,
  stage: Stage,
  step: Step,
  names: Pick<StepNames, "revert" | "reverted" | "waitRevert" | "pollRevert">,
  next: string,
  stop?: string,
): Record<string, State> {
  const { read, write } = actionBinding(context, step.action);
  const timing = timingOf(step, context.registries);
  const { timeoutSeconds, phases } = timing;
  // Steps share the variables of the way back, so what is counted says whose it is.
  const mine = `($exists($undid) and $undid.step = ${quoted(step.id)})`;
  const record = (reverted: boolean, note: string): Assign => ({
    reverts: `{% $append($reverts, [{"step": ${quoted(step.id)}, "reverted": ${reverted}, "note": ${note}}]) %}`,
  });
  const said = '($exists($undo.note) ? $string($undo.note) : "")';
  const thrown = `${caughtText("Error", "", 256)} & ": " & ${caughtText("Cause", "", 700)}`;
  const Catch = (state: string) =>
    stop === undefined
      ? catchAll(state, next, record(false, thrown))
      : catchAll(state, stop).map((catcher) => ({
          ...catcher,
          Assign: { ...catcher.Assign, ...record(false, thrown) },
        }));
  const tooLong = `${quoted(`not undone after ${timeoutSeconds} seconds; last: `)} & ${said}`;
  return {
    [names.revert]: invoke(context, write, changePayload(stage, step, "revert"), {
      timeoutSeconds: TASK_SECONDS.revert,
      Retry: changeRetry(),
      Assign: {
        undo: ANSWER,
        undoBy:
          phases > 1
            ? `{% ${mine} ? $undoBy : $toMillis(${ENTERED}) + ${timeoutSeconds * 1000} %}`
            : deadlineIn(timeoutSeconds),
        ...(phases > 1
          ? { undid: `{% {"step": ${quoted(step.id)}, "times": (${mine} ? $undid.times : 0) + 1} %}` }
          : {}),
      },
      Output: NOTE,
      Next: names.reverted,
      Catch: Catch(names.revert),
    }),
    [names.reverted]: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $undo.done %}", Next: next, Assign: record(true, said), Output: {} },
        {
          Condition: `{% $toMillis(${ENTERED}) > $undoBy %}`,
          Next: stop ?? next,
          Assign: {
            ...record(false, tooLong),
            ...(stop === undefined ? {} : foundOut(names.revert, "StepDeadlineExceeded", `{% ${tooLong} %}`)),
          },
          Output: {},
        },
        ...(phases > 1
          ? [{ Condition: `{% $undo.again and $undid.times < ${phases} %}`, Next: names.revert, Output: {} }]
          : []),
      ],
      Default: names.waitRevert,
      Output: {},
    },
    [names.waitRevert]: {
      Type: "Wait",
      Seconds: pauseIn(timing, "$undoBy"),
      Output: {},
      Next: names.pollRevert,
    },
    [names.pollRevert]: invoke(context, read, pollPayload(stage, step, "revert"), {
      timeoutSeconds: TASK_SECONDS.poll,
      Assign: { undo: ANSWER },
      Output: NOTE,
      Next: names.reverted,
      Catch: Catch(names.pollRevert),
    }),
  };
}
