import { registries as builtIn, type Registries } from "../plan/registries.ts";
import type { Plan, Step } from "../plan/schema.ts";
import { machineBound, timingOf, watchRounds } from "./deadline.ts";
import type { Retryable } from "./retry.ts";

/** From the quickest run that does everything to the longest one that fails at its end and is undone. */
export interface Range {
  best: number;
  worst: number;
}

/** What one run of a plan takes. */
export interface Estimate {
  /** State transitions, which Step Functions bills. */
  transitions: Range;
  /** History events, of which an execution holds 25,000. */
  historyEvents: Range;
  /** Until the run ends; worst is the machine's own timeout. */
  seconds: Range;
  /** Step Functions and Lambda in us-east-1, without free tier and without what the actions themselves make. */
  usd: Range;
  watch: { rounds: number; everySeconds: number };
}

/** Largest number of history events that an execution may have. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MOST_EVENTS = 25_000;

/** History events of one visit: Entered, Exited, and a Task's Scheduled, Started, Succeeded, a Parallel's Started, Succeeded. */
const EVENTS = { task: 5, choice: 2, wait: 2, pass: 2, parallel: 4, end: 2 } as const;

/** USD a state transition and an invocation of a 512 MB function for about a second. https://aws.amazon.com/step-functions/pricing/ */
const USD = { transition: 0.000_025, invocation: 0.000_008_5 } as const;

/** Seconds a call is taken to last when all is well. */
const CALL_SECONDS = 1;

/** Visits of states, by type; adding them up gives all figures. */
interface Visits {
  task: number;
  choice: number;
  wait: number;
  pass: number;
  parallel: number;
  end: number;
}

const NONE: Visits = { task: 0, choice: 0, wait: 0, pass: 0, parallel: 0, end: 0 };

function sum(...parts: Partial<Visits>[]): Visits {
  const total = { ...NONE };
  for (const part of parts)
    for (const [type, count] of Object.entries(part)) total[type as keyof Visits] += count;
  return total;
}

const times = (factor: number, part: Partial<Visits>): Visits =>
  Object.fromEntries(
    Object.keys(NONE).map((type) => [type, factor * (part[type as keyof Visits] ?? 0)]),
  ) as unknown as Visits;

/** Largest number of polls in one phase of a step: the deadline is looked at after each. */
function mostPolls(step: Step, registries: Registries): number {
  const { timeoutSeconds, pollSeconds } = timingOf(step, registries);
  return Math.ceil(timeoutSeconds / pollSeconds) + 1;
}

/** A poll: wait, poll, and the question whether it is done. */
const POLL: Partial<Visits> = { wait: 1, task: 1, choice: 1 };

/** Figures of a run, computed from the plan alone. Retries are left out of `best` and doubled into `worst`'s events. */
export function estimate(plan: Plan, registries: Registries = builtIn, retryable?: Retryable): Estimate {
  const { settleSeconds, rounds, everySeconds, progressRounds } = watchRounds(plan);
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const gates = plan.stages.filter((stage) => stage.levels).length;
  // Admit, Decide, Announce start; the three questions before the first stage.
  const opening = sum({ task: 3, choice: 3 });
  const preflight = sum({ parallel: plan.stages.length, task: steps.length, choice: gates });
  const around = sum(
    ...plan.stages.map(({ checks }) => ({
      parallel: checks.length > 0 ? 2 : 1,
      task: checks.length,
      choice: checks.length > 0 ? 1 : 0,
    })),
    { choice: gates },
  );
  const verify = sum({ parallel: 1, task: plan.verify.length, choice: 1 });
  const round: Partial<Visits> = { wait: 1, parallel: 1, task: plan.watch.checks.length, choice: 1 };
  const mails = Math.max(0, Math.ceil(rounds / progressRounds) - 1);
  const watch = sum({ wait: 1, pass: 1 }, times(rounds, round), { task: mails });
  const ending = sum({ task: 3, end: 1 });
  const common = sum(opening, preflight, around, verify, watch, ending);

  const applied = times(steps.length, { task: 1, choice: 1, end: 1 });
  // One poll each: few changes are done in the call itself.
  const best = sum(common, applied, times(steps.length, POLL));
  const polls = steps.reduce((total, step) => total + mostPolls(step, registries), 0);
  const reverts = sum(times(steps.length, { task: 1, choice: 1 }), { choice: gates, pass: 1 });
  const worst = sum(
    common,
    applied,
    times(plan.onFailure === "revert" ? 2 * polls : polls, POLL),
    plan.onFailure === "revert" ? reverts : {},
  );

  const slowest = plan.stages.reduce(
    (total, stage) =>
      total +
      Math.max(...stage.steps.map((step) => timingOf(step, registries).pollSeconds)) +
      3 * CALL_SECONDS,
    0,
  );
  return {
    transitions: { best: transitionsOf(best), worst: transitionsOf(worst) },
    historyEvents: { best: eventsOf(best), worst: eventsOf(worst) },
    seconds: {
      best: slowest + settleSeconds + rounds * everySeconds + 8 * CALL_SECONDS,
      worst: machineBound(plan, registries, retryable),
    },
    usd: { best: usdOf(best), worst: usdOf(worst) },
    watch: { rounds, everySeconds },
  };
}

function transitionsOf(visits: Visits): number {
  return 1 + Object.values(visits).reduce((total, each) => total + each, 0);
}

/** ExecutionStarted and its end are two more. */
function eventsOf(visits: Visits): number {
  return (
    2 +
    Object.entries(visits).reduce((total, [type, count]) => total + count * EVENTS[type as keyof Visits], 0)
  );
}

function usdOf(visits: Visits): number {
  const usd = transitionsOf(visits) * USD.transition + visits.task * USD.invocation;
  return Math.round(usd * 1e6) / 1e6;
}
