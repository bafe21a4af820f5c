import type { RampStep } from "../../plan/redeploy.ts";
import type { State } from "../asl.ts";
import type { Context } from "../context.ts";
import { revertStep } from "../revert.ts";
import { noted } from "../variables.ts";
import { enter } from "./admission.ts";
import { ending, goingBack, stops } from "./ends.ts";
import { ofStep, RAMP } from "./names.ts";

/** First state that takes back what a step changed. */
export const backEntry = ({ names }: Context, index: number): string =>
  names.stages[index]!.steps.at(-1)!.revert;

/**
 * From a step back to the one before it: let in, its changes taken back newest first by their own recorded inverses,
 * then as every way back. One that cannot be taken back does not stop the others; it leaves the ramp to a person.
 */
export function backStates(context: Context, steps: RampStep[], index: number): Record<string, State> {
  const step = steps[index]!;
  const names = ofStep(step.name);
  const own = context.names.stages[index]!;
  const changes = step.stage.steps;
  const states: Record<string, State> = {
    [names.goBack]: {
      Type: "Pass",
      Assign: {
        ...goingBack(steps, index),
        because: '{% $held.error & ": " & $held.cause %}',
        timeline: noted(names.goBack),
      },
      Output: {},
      // With nothing to take back there is nothing to settle either: what rang is looked at again at once.
      Next: changes.length > 0 ? names.enterBack : RAMP.end,
    },
  };
  if (changes.length === 0) return states;
  states[names.enterBack] = enter(context, step, "back", {
    Next: names.backEntered,
    Catch: stops(names.enterBack, steps, index),
  });
  states[names.backEntered] = {
    Type: "Choice",
    Choices: [{ Condition: '{% $admission.outcome = "admitted" %}', Next: backEntry(context, index) }],
    Default: RAMP.end,
    Assign: ending(
      steps,
      index,
      { expression: "$admission.outcome" },
      '$because & ". It was not taken back: " & $admission.reason',
    ),
    Output: {},
  };
  for (const [number, change] of changes.entries())
    Object.assign(
      states,
      revertStep(
        context,
        step.stage,
        change,
        own.steps[number]!,
        number === 0 ? names.undone : own.steps[number - 1]!.revert,
      ),
    );
  states[names.undone] = {
    Type: "Choice",
    Choices: [{ Condition: "{% $count($reverts[reverted = false]) = 0 %}", Next: RAMP.giveBack }],
    Default: RAMP.end,
    Assign: ending(
      steps,
      index,
      "failed",
      '$because & ". Not everything could be taken back: " & $join($reverts[reverted = false].(step & ": " & note), "; ")',
    ),
    Output: {},
  };
  return states;
}
