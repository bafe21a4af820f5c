import { ladderOf } from "./ladder.ts";
import { preflightWaves } from "./preflight-waves.ts";
import type { Registries } from "./registries.ts";
import type { Plan } from "./schema.ts";
import { mostPolls, timingOf, watchRounds } from "./timing.ts";

/** From the quickest run that does everything to the longest one that fails at its end and is undone. */
export interface Range {
  best: number;
  worst: number;
}

/** How often a run enters states, by type: what Step Functions bills and records. */
export interface Visits {
  task: number;
  choice: number;
  wait: number;
  pass: number;
  parallel: number;
  end: number;
}

/** Largest number of history events that an execution may have. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MOST_EVENTS = 25_000;

/** History events of one visit: Entered, Exited, and a Task's Scheduled, Started, Succeeded, a Parallel's Started, Succeeded. */
const EVENTS: Visits = { task: 5, choice: 2, wait: 2, pass: 2, parallel: 4, end: 2 };

const NONE: Visits = { task: 0, choice: 0, wait: 0, pass: 0, parallel: 0, end: 0 };

export function sum(...parts: Partial<Visits>[]): Visits {
  const total = { ...NONE };
  for (const part of parts)
    for (const [type, count] of Object.entries(part)) total[type as keyof Visits] += count;
  return total;
}

export function times(factor: number, part: Partial<Visits>): Visits {
  const { task = 0, choice = 0, wait = 0, pass = 0, parallel = 0, end = 0 } = part;
  return {
    task: factor * task,
    choice: factor * choice,
    wait: factor * wait,
    pass: factor * pass,
    parallel: factor * parallel,
    end: factor * end,
  };
}

/** A poll: wait, poll, and the question whether it is done. */
export const POLL: Partial<Visits> = { wait: 1, task: 1, choice: 1 };

/** One round of the watch. */
export function roundVisits({ watch }: Plan): Visits {
  return sum({ wait: 1, parallel: 1, task: watch.checks.length, choice: 1 });
}

/** Visits of a run that goes well with one poll a step, and of one that uses every poll, fails at its end and is undone. */
export function visitsOf(plan: Plan, registries: Registries): { best: Visits; worst: Visits } {
  const { rounds, progressRounds } = watchRounds(plan);
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const temporary = steps.filter(({ until }) => until !== undefined);
  const gates = plan.stages.filter((stage) => stage.levels).length;
  const waves = preflightWaves(plan).map((stages) => plan.stages[stages[0]!]!);
  const mails = Math.max(0, Math.ceil(rounds / progressRounds) - 1);
  const common = sum(
    // Admit, Decide, Announce start; the three questions before the first stage.
    { task: 3, choice: 3 },
    // Announce, ask, settle, and what was answered.
    plan.approval ? { task: 3, choice: 1 } : {},
    { parallel: waves.length, task: steps.length, choice: waves.filter(({ levels }) => levels).length },
    ...plan.stages.map(({ checks }) =>
      checks.length > 0 ? { parallel: 2, task: checks.length, choice: 1 } : { parallel: 1 },
    ),
    { choice: gates },
    { parallel: 1, task: plan.verify.length, choice: 1 },
    plan.worse ? sum({ task: 1 }, times(plan.worse.after.length, { wait: 1, task: 1, choice: 1 })) : {},
    // Announce restored; the ladder's clock.
    { task: plan.escalation ? 2 : 1, choice: plan.escalation?.criteria.length ? 1 : 0 },
    { wait: 1, pass: 1, task: mails },
    times(rounds, roundVisits(plan)),
    { task: 3, end: 1 },
    // What held for the watch alone is taken back.
    times(temporary.length, { task: 1, choice: 2 }),
    times(steps.length, { task: 1, choice: 1, end: 1 }),
  );
  const polls = steps.reduce((total, step) => total + mostPolls(step, registries), 0);
  const again = steps.reduce((total, step) => total + timingOf(step, registries).phases - 1, 0);
  const rungs = ladderOf(plan);
  // Each level passes every gate, is verified until its time is over, and may be watched before it relapses.
  const climbed = sum(
    ...rungs.map(({ rounds: verifications }) =>
      sum(
        { choice: plan.stages.length + 2, pass: 1 },
        times(verifications, { wait: 1, parallel: 1, task: plan.verify.length, choice: 1 }),
        rungs.length > 1 ? times(rounds, roundVisits(plan)) : {},
      ),
    ),
  );
  const undone = sum(times(steps.length + again, { task: 1, choice: 1 }), times(polls, POLL), {
    // The last one of each: a failed run calls people.
    choice: gates + (plan.escalation ? 1 : 0),
    pass: 1,
    task: plan.escalation ? 1 : 0,
  });
  return {
    best: sum(common, times(steps.length, POLL)),
    worst: sum(
      common,
      climbed,
      times(again, { task: 1, choice: 1 }),
      times(polls + temporary.reduce((total, step) => total + mostPolls(step, registries), 0), POLL),
      plan.onFailure === "revert" ? undone : {},
    ),
  };
}

/** State transitions of a run, its start included. */
export function transitionsOf(visits: Visits): number {
  return 1 + Object.values(visits).reduce((total, each) => total + each, 0);
}

/** History events of a run, its start and end included. */
export function eventsOf(visits: Visits): number {
  return (
    2 +
    Object.entries(visits).reduce((total, [type, count]) => total + count * EVENTS[type as keyof Visits], 0)
  );
}
