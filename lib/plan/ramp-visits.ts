import { rampSteps } from "./redeploy.ts";
import type { Registries } from "./registries.ts";
import type { Plan } from "./schema.ts";
import { mostPolls, timingOf } from "./timing.ts";
import { eventsOf, POLL, sum, times, type Visits } from "./visits.ts";

/** History events of a ramp's longest executions. Retries are not in it. */
export interface RampEvents {
  /** Every step climbed with every poll, and the last one taken back. */
  ramp: number;
  /** The hold that has most rounds. */
  hold: number;
}

/** A task that is waited for has an event more: TaskSubmitted. */
const SUBMITTED = 1;

export function rampEvents(plan: Plan, registries: Registries): RampEvents {
  const steps = rampSteps(plan);
  const ramp = steps.map(({ stage, legs }) => {
    const changes = stage.steps;
    const polls = changes.reduce((total, step) => total + mostPolls(step, registries), 0);
    const again = changes.reduce((total, step) => total + timingOf(step, registries).phases, 0);
    return sum(
      { task: 1 },
      // Hold, how it went, and the mail that it still holds.
      times(legs, { task: 2, choice: 1 }),
      changes.length === 0
        ? {}
        : sum(
            // Enter, leave; preflight and the changes side by side; each change with the end of its branch.
            { task: 2, choice: 1, parallel: 2 },
            { task: changes.length, end: changes.length },
            times(again, { task: 1, choice: 1 }),
            times(polls, POLL),
          ),
    );
  });
  const backs = steps.map(({ stage }) => {
    const polls = stage.steps.reduce((total, step) => total + mostPolls(step, registries), 0);
    const again = stage.steps.reduce((total, step) => total + timingOf(step, registries).phases, 0);
    return sum(times(again, { task: 1, choice: 1 }), times(polls, POLL));
  });
  const longestBack = backs.toSorted((left, right) => eventsOf(right) - eventsOf(left))[0]!;
  const around: Partial<Visits> = { task: 8, choice: 4, pass: 1, wait: 1, end: 1 };
  const legs = steps.reduce((total, step) => total + step.legs, 0);
  return {
    ramp: eventsOf(sum(around, ...ramp, longestBack)) + legs * SUBMITTED,
    hold: Math.max(...steps.map(({ roundsInLeg, checks }) => holdEvents(roundsInLeg, checks.length))),
  };
}

/** History events of one round of a hold. */
export const holdRoundEvents = (checks: number): number =>
  eventsOf(sum({ wait: 1, choice: 2, parallel: 1, task: checks })) - 2;

const holdEvents = (rounds: number, checks: number): number =>
  eventsOf(sum({ pass: 2, parallel: 1, task: 1, choice: 1, end: 3 })) +
  SUBMITTED +
  rounds * holdRoundEvents(checks);
