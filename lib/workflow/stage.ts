import { ladderOf } from "../plan/ladder.ts";
import type { State } from "./asl.ts";
import { keepMeasured, measure, NOT_PASSED } from "./checks.ts";
import type { Context } from "./context.ts";
import { gated, stageGate } from "./level.ts";
import { FIXED } from "./names.ts";
import { revertEntry } from "./revert.ts";
import { stepBranch } from "./step.ts";
import { catchAll, foundOut, noted } from "./variables.ts";
import { compareStates, isCompared } from "./worse.ts";

/** First state of a stage; after the last stage, verification. */
export function stageEntry(context: Context, index: number): string {
  const { plan, names } = context;
  if (!plan.stages[index]) return FIXED.verify;
  return gated(context, index) ? names.stages[index]!.runs : names.stages[index]!.run;
}

/** A stage: its steps side by side, then its checks. Whatever goes wrong leads to the reverts of this stage and older ones. */
export function stageStates(context: Context, index: number): Record<string, State> {
  const stage = context.plan.stages[index]!;
  const names = context.names.stages[index]!;
  const following = stageEntry(context, index + 1);
  const next = isCompared(context, index) ? names.seen : following;
  const climbs = ladderOf(context.plan).length > 0;
  // A run that climbs may have done later stages already, at a gentler level.
  const failed = revertEntry(context, climbs ? context.plan.stages.length - 1 : index);
  const states: Record<string, State> = compareStates(context, index, following, failed);
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
    Catch: catchAll(names.run, failed),
  };
  if (stage.checks.length === 0) return states;
  states[names.checks] = measure(context, stage.checks, names.checkNames, {
    Assign: keepMeasured(names.checks, stage.checks.length),
    Output: {},
    Next: names.proved,
    Catch: catchAll(names.checks, failed),
  });
  states[names.proved] = {
    Type: "Choice",
    Choices: [{ Condition: '{% $verdict = "passed" %}', Next: next }],
    Default: names.notProved,
    Output: {},
  };
  states[names.notProved] = {
    Type: "Pass",
    Assign: foundOut(names.checks, "ChecksNotPassed", NOT_PASSED),
    Output: {},
    Next: failed,
  };
  return states;
}
