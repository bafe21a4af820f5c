import { usdOf } from "./cost.ts";
import { rampSteps, resolvedAnew } from "./redeploy.ts";
import type { Registries } from "./registries.ts";
import type { Plan } from "./schema.ts";
import { mostPolls, timingOf } from "./timing.ts";
import { eventsOf, POLL, type Range, sum, times, type Visits } from "./visits.ts";

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
  const { up, back } = rampVisits(plan, registries);
  const legs = steps.reduce((total, step) => total + step.legs, 0);
  const questions = plan.redeploy?.approval?.ask === "step" ? steps.length : 1;
  return {
    ramp: eventsOf(sum(up, back)) + (legs + questions) * SUBMITTED,
    hold: Math.max(...steps.map(({ roundsInLeg, checks }) => holdEvents(roundsInLeg, checks.length))),
  };
}

/**
 * What a ramp costs in us-east-1 for Step Functions and Lambda, its holds with every round included, without what its
 * changes make. Best: all the way up; worst: and the costliest step taken back.
 */
export function rampCost(plan: Plan, registries: Registries): Range {
  const { up, back } = rampVisits(plan, registries);
  const holds = sum(
    ...rampSteps(plan).map(({ legs, roundsInLeg, checks }) =>
      times(legs, sum(HOLD, times(roundsInLeg, holdRound(checks.length)))),
    ),
  );
  return { best: usdOf(sum(up, holds)), worst: usdOf(sum(up, holds, back)) };
}

/** Every step climbed with every poll, and the costliest way back. */
function rampVisits(plan: Plan, registries: Registries): { up: Visits; back: Visits } {
  const steps = rampSteps(plan);
  const anew = resolvedAnew(plan, registries);
  const asks = plan.redeploy?.approval?.ask;
  const changed = steps.reduce((total, { stage }) => total + stage.steps.length, 0);
  const ramp = steps.map(({ index, stage, legs }) => {
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
            { task: 2, choice: 2, parallel: 2 },
            asks === "step" ? ASKED : {},
            // What it makes different is resolved anew.
            { parallel: anew[index]!.length > 0 ? 1 : 0, task: anew[index]!.length },
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
  const around: Partial<Visits> = { task: 10, choice: 5, pass: 1, wait: 1, end: 1 };
  // The whole of it before its first step, in waves.
  const resolved: Partial<Visits> = { parallel: changed > 0 ? steps.length : 0, task: changed };
  return { up: sum(around, resolved, asks === "ramp" ? ASKED : {}, ...ramp), back: longestBack };
}

/** May it be asked, the notice, the question, and what the table says. */
const ASKED: Partial<Visits> = { task: 4, choice: 2 };

/** A hold beside its rounds. */
const HOLD: Visits = sum({ pass: 2, parallel: 1, task: 1, choice: 1, end: 3 });

const holdRound = (checks: number): Visits => sum({ wait: 1, choice: 2, parallel: 1, task: checks });

/** History events of one round of a hold. */
export const holdRoundEvents = (checks: number): number => eventsOf(holdRound(checks)) - 2;

const holdEvents = (rounds: number, checks: number): number =>
  eventsOf(HOLD) + SUBMITTED + rounds * holdRoundEvents(checks);
