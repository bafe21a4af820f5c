import { reachedFrom } from "../plan/ladder.ts";
import type { State } from "./asl.ts";
import type { Context } from "./context.ts";
import { levelGate } from "./level.ts";
import { FIXED } from "./names.ts";
import { revertStep } from "./revert.ts";
import { recoveryEntry } from "./stage.ts";

/** Steps that hold only until the watch is over, newest first. */
function temporary({ plan, names }: Context) {
  return plan.stages
    .flatMap((stage, index) =>
      stage.steps.flatMap((step, number) => {
        const own = names.stages[index]!.restores[number];
        return own ? [{ stage, step, own, levels: reachedFrom(plan, stage) }] : [];
      }),
    )
    .toReversed();
}

/** What follows the last round of a watch that held: steps that were for the watch alone are taken back, then what waited for it runs. */
export function restoreEntry(context: Context): string {
  const [first] = temporary(context);
  if (!first) return recoveryEntry(context);
  return first.levels ? first.own.runs : first.own.states.revert;
}

/**
 * The end of `until: watch-end`. The failure path reverts these steps with all others, so only a good watch comes by
 * here. One that cannot be taken back fails the run: everything else stays, and a person is called.
 */
export function restoreStates(context: Context): Record<string, State> {
  const steps = temporary(context);
  const states: Record<string, State> = {};
  for (const [index, { stage, step, own, levels }] of steps.entries()) {
    const after = steps[index + 1];
    const next = after ? (after.levels ? after.own.runs : after.own.states.revert) : recoveryEntry(context);
    if (levels) states[own.runs] = levelGate(levels, own.states.revert, next);
    Object.assign(states, revertStep(context, stage, step, own.states, next, FIXED.reportFailure));
  }
  return states;
}
