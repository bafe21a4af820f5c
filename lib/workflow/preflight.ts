import { reachedFrom } from "../plan/ladder.ts";
import type { Step } from "../plan/schema.ts";
import type { Machine, State } from "./asl.ts";
import { actionBinding, type Context, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { levelGate } from "./level.ts";
import { FIXED } from "./names.ts";
import { preflightPayload } from "./payloads.ts";
import { catchAll, noted } from "./variables.ts";

/** First state of a wave of preflights; after the last one, the question whether to go on. */
export function preflightEntry({ plan, names }: Context, index: number): string {
  const wave = names.waves[index];
  if (!wave) return FIXED.goOn;
  return plan.stages[wave.stages[0]!]!.levels ? wave.runs : wave.preflight;
}

/**
 * Resolves every change of a wave of stages, side by side, read only. All preflights are over before the first apply:
 * `before` is in the run's variables, so a crash never loses the way back. `$steps` holds what each change expects,
 * for the preflights of later waves.
 */
export function preflightStates(context: Context, index: number): Record<string, State> {
  const { stages, preflight, runs } = context.names.waves[index]!;
  const next = preflightEntry(context, index + 1);
  const states: Record<string, State> = {};
  const levels = reachedFrom(context.plan, context.plan.stages[stages[0]!]!);
  if (levels) states[runs] = levelGate(levels, preflight, next);
  states[preflight] = {
    Type: "Parallel",
    Branches: stages.flatMap((stage) => preflightBranches(context, stage)),
    Assign: {
      changes: "{% $merge([$changes, $merge($states.result.{step: change})]) %}",
      summaries:
        '{% $merge([$summaries, $merge($states.result.{step: {"summary": change.summary, "evidence": change.evidence}})]) %}',
      steps:
        "{% $merge([$steps, $merge($states.result.{step: $exists(change.expects) ? change.expects : {}})]) %}",
      timeline: noted(preflight),
    },
    Output: {},
    Next: next,
    Catch: catchAll(preflight, FIXED.reportFailure),
  };
  return states;
}

/** The steps of one stage. `named`: other names for their states, where a step is resolved more than once. */
export function preflightBranches(
  context: Context,
  index: number,
  named?: (step: Step) => string,
): Machine[] {
  const stage = context.plan.stages[index]!;
  return stage.steps.map((step, number) => {
    const name = named?.(step) ?? context.names.stages[index]!.steps[number]!.preflight;
    return {
      StartAt: name,
      States: {
        [name]: invoke(context, actionBinding(context, step.action).read, preflightPayload(stage, step), {
          timeoutSeconds: TASK_SECONDS.preflight,
          // An answer without a change makes this undefined, which is an error: nothing was resolved.
          Output: {
            step: step.id,
            summary: "{% $states.result.Payload.change.summary %}",
            change: "{% $states.result.Payload.change %}",
          },
          End: true,
        }),
      },
    };
  });
}
