import type { State } from "./asl.ts";
import { keepMeasured, measure, NOT_PASSED } from "./checks.ts";
import type { Context } from "./context.ts";
import { levelGate } from "./level.ts";
import { FIXED } from "./names.ts";
import { revertEntry } from "./revert.ts";
import { stepBranch } from "./step.ts";
import { catchAll, foundOut, noted } from "./variables.ts";

/** First state of a stage; after the last stage, verification. */
export function stageEntry({ plan, names }: Context, index: number): string {
  const stage = plan.stages[index];
  if (!stage) return FIXED.verify;
  return stage.levels ? names.stages[index]!.runs : names.stages[index]!.run;
}

/** A stage: its steps side by side, then its checks. Whatever goes wrong leads to the reverts of this stage and older ones. */
export function stageStates(context: Context, index: number): Record<string, State> {
  const stage = context.plan.stages[index]!;
  const names = context.names.stages[index]!;
  const next = stageEntry(context, index + 1);
  const failed = revertEntry(context, index);
  const states: Record<string, State> = {};
  if (stage.levels) states[names.runs] = levelGate(stage.levels, names.run, next);
  states[names.run] = {
    Type: "Parallel",
    Branches: stage.steps.map((step, number) => stepBranch(context, stage, step, names.steps[number]!)),
    Assign: {
      steps: "{% $merge([$steps, $merge($states.result.{step: outputs})]) %}",
      timeline: noted(names.run),
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
