import { reachedFrom } from "../plan/ladder.ts";
import type { State } from "./asl.ts";
import { actionBinding, type Context, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { levelGate } from "./level.ts";
import { FIXED } from "./names.ts";
import { preflightPayload } from "./payloads.ts";
import { catchAll, noted } from "./variables.ts";

/** First state of a stage's preflight; after the last one, the question whether to go on. */
export function preflightEntry({ plan, names }: Context, index: number): string {
  const stage = plan.stages[index];
  if (!stage) return FIXED.goOn;
  return stage.levels ? names.stages[index]!.preflightRuns : names.stages[index]!.preflight;
}

/**
 * Resolves every change of a stage, side by side, read only. All stages' preflights are over before the first apply:
 * `before` is in the run's variables, so a crash never loses the way back. `$steps` holds what each change expects,
 * for the preflights of later stages.
 */
export function preflightStates(context: Context, index: number): Record<string, State> {
  const stage = context.plan.stages[index]!;
  const names = context.names.stages[index]!;
  const next = preflightEntry(context, index + 1);
  const states: Record<string, State> = {};
  const levels = reachedFrom(context.plan, stage);
  if (levels) states[names.preflightRuns] = levelGate(levels, names.preflight, next);
  states[names.preflight] = {
    Type: "Parallel",
    Branches: stage.steps.map((step, number) => ({
      StartAt: names.steps[number]!.preflight,
      States: {
        [names.steps[number]!.preflight]: invoke(
          context,
          actionBinding(context, step.action).read,
          preflightPayload(stage, step),
          {
            timeoutSeconds: TASK_SECONDS.preflight,
            // An answer without a change makes this undefined, which is an error: nothing was resolved.
            Output: {
              step: step.id,
              summary: "{% $states.result.Payload.change.summary %}",
              change: "{% $states.result.Payload.change %}",
            },
            End: true,
          },
        ),
      },
    })),
    Assign: {
      changes: "{% $merge([$changes, $merge($states.result.{step: change})]) %}",
      summaries:
        '{% $merge([$summaries, $merge($states.result.{step: {"summary": change.summary, "evidence": change.evidence}})]) %}',
      steps:
        "{% $merge([$steps, $merge($states.result.{step: $exists(change.expects) ? change.expects : {}})]) %}",
      timeline: noted(names.preflight),
    },
    Output: {},
    Next: next,
    Catch: catchAll(names.preflight, FIXED.reportFailure),
  };
  return states;
}
