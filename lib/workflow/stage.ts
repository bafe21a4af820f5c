import { ladderOf } from "../plan/ladder.ts";
import { rollbackStages } from "../plan/recovery.ts";
import type { Stage } from "../plan/schema.ts";
import type { Assign, Catcher, State } from "./asl.ts";
import { keepMeasured, measure, NOT_PASSED } from "./checks.ts";
import type { Context } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { gated, stageGate } from "./level.ts";
import { FIXED } from "./names.ts";
import { UNANSWERED } from "./retry.ts";
import { revertEntry } from "./revert.ts";
import { stepBranch } from "./step.ts";
import { catchAll, foundOut, noted } from "./variables.ts";
import { compareStates, isCompared } from "./worse.ts";

/** First state of a stage that rolls back; after the last one, verification. */
export function stageEntry(context: Context, index: number): string {
  return index < rollbackStages(context.plan) ? entryOf(context, index) : FIXED.verify;
}

/** First state of what waits for a watch that held; then the report. */
export function recoveryEntry(context: Context, index = rollbackStages(context.plan)): string {
  return context.plan.stages[index] ? entryOf(context, index) : FIXED.report;
}

/** Told apart at the end: a run that goes back, and one whose rollback stands. */
const RECOVERING: Record<`${boolean}`, Assign> = { true: { recovering: true }, false: {} };

const entryOf = (context: Context, index: number): string =>
  context.names.stages[index]![gated(context, index) ? "runs" : "run"];

/**
 * Step Functions stops the steps beside one that failed, and Lambda does not: an apply that was let in goes on until its
 * function's timeout, and would make its change after the way back had found nothing to undo (invariant 9).
 */
export const letEnd = { Type: "Wait", Seconds: TASK_SECONDS.apply, Output: {} } as const;

/** Catchers of a stage's steps: to `ends` instead, where a function may still be at work. */
export function unlessEnded({ steps }: Stage, ends: string, catchers: Catcher[]): Catcher[] {
  if (steps.length > 1) return catchers.map((each) => ({ ...each, Next: ends }));
  return [{ ...catchers.at(-1)!, ErrorEquals: [...UNANSWERED], Next: ends }, ...catchers];
}

/**
 * A stage: its steps side by side, then its checks. Whatever goes wrong leads to the reverts of this stage and older
 * ones; after the watch to a person, since what was rolled back has held and stays.
 */
export function stageStates(context: Context, index: number): Record<string, State> {
  const stage = context.plan.stages[index]!;
  const names = context.names.stages[index]!;
  const rollback = rollbackStages(context.plan);
  const recovers = index >= rollback;
  const following = recovers ? recoveryEntry(context, index + 1) : stageEntry(context, index + 1);
  const next = isCompared(context, index) ? names.seen : following;
  const climbs = ladderOf(context.plan).length > 0;
  // A run that climbs may have done later stages already, at a gentler level.
  const failed = recovers ? FIXED.reportFailure : revertEntry(context, climbs ? rollback - 1 : index);
  const lost = (state: string): Catcher[] =>
    catchAll(state, failed).map((each) => ({
      ...each,
      Assign: { ...each.Assign, ...RECOVERING[`${recovers}`] },
    }));
  const states: Record<string, State> = compareStates(context, index, following, failed);
  // Nothing is undone by a run that goes to a person from here.
  const back = failed !== FIXED.reportFailure;
  if (back) states[names.ends] = { ...letEnd, Next: failed };
  if (gated(context, index)) states[names.runs] = stageGate(context, index, names.run, following);
  states[names.run] = {
    Type: "Parallel",
    Branches: stage.steps.map((step, number) => stepBranch(context, stage, step, names.steps[number]!)),
    Assign: {
      steps: "{% $merge([$steps, $merge($states.result.{step: outputs})]) %}",
      timeline: noted(names.run),
      ...(climbs ? { ran: `{% $append($ran, ${index}) %}` } : {}),
    },
    Output: '{% {"note": $join($states.result.(step & ": " & note), "; ")} %}',
    Next: stage.checks.length > 0 ? names.checks : next,
    Catch: back ? unlessEnded(stage, names.ends, lost(names.run)) : lost(names.run),
  };
  if (stage.checks.length === 0) return states;
  states[names.checks] = measure(context, stage.checks, names.checkNames, {
    Assign: keepMeasured(names.checks, stage.checks.length),
    Output: {},
    Next: names.proved,
    Catch: lost(names.checks),
  });
  states[names.proved] = {
    Type: "Choice",
    Choices: [{ Condition: '{% $verdict = "passed" %}', Next: next }],
    Default: names.notProved,
    Output: {},
  };
  states[names.notProved] = {
    Type: "Pass",
    Assign: { ...foundOut(names.checks, "ChecksNotPassed", NOT_PASSED), ...RECOVERING[`${recovers}`] },
    Output: {},
    Next: failed,
  };
  return states;
}
