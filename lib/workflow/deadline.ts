import { seconds } from "../plan/duration.ts";
import { ladderOf, RECOVERY_SECONDS } from "../plan/ladder.ts";
import { preflightWaves } from "../plan/preflight-waves.ts";
import type { Registries } from "../plan/registries.ts";
import type { Check, Plan, Step } from "../plan/schema.ts";
import { pauseAfter, timingOf, watchRounds } from "../plan/timing.ts";
import type { Retrier } from "./asl.ts";
import { askRetry, briefRetry, changeRetry, readRetry } from "./retry.ts";

/** Seconds a Task waits for its function, by what it asks. The stack gives each function no more than this. */
export const TASK_SECONDS = {
  preflight: 120,
  apply: 120,
  revert: 120,
  poll: 60,
  handler: 60,
  report: 120,
} as const;

/** Seconds a check's Task waits beyond the check's own limit, for the start of its function. */
const CHECK_GRACE_SECONDS = 15;

export function checkSeconds(check: Check, { checks }: Registries): number {
  return (checks[check.check]?.timeoutSeconds ?? 30) + CHECK_GRACE_SECONDS;
}

/** The longest a Task can last: every attempt of every retrier used, each up to the timeout, with full delays. */
export function taskBound(timeoutSeconds: number, retry: Retrier[]): number {
  let bound = timeoutSeconds;
  for (const {
    MaxAttempts,
    IntervalSeconds = 1,
    BackoffRate = 2,
    MaxDelaySeconds = Number.POSITIVE_INFINITY,
  } of retry)
    for (let attempt = 0; attempt < MaxAttempts; attempt += 1)
      bound += timeoutSeconds + Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds);
  return Math.ceil(bound);
}

/** The longest one phase (apply or revert) of a step can last. The deadline is looked at after each poll. */
export function phaseBound(step: Step, registries: Registries): number {
  const { timeoutSeconds, pollSeconds, phases } = timingOf(step, registries);
  const start = phases * taskBound(TASK_SECONDS.apply, changeRetry());
  // The clock runs from the verb's start; one wait and one poll may follow a look just before the deadline.
  return (
    Math.max(timeoutSeconds, start) +
    pauseAfter(timeoutSeconds, pollSeconds) +
    taskBound(TASK_SECONDS.poll, readRetry())
  );
}

/** Seconds for what Step Functions itself does between states, as a share of the rest. */
export const MARGIN = 1.05;

/**
 * Seconds within which every run of a plan ends, whatever the functions do: the sum of all that can follow one
 * another, reverts included. The machine's own timeout, above every deadline in it (a machine timeout runs no catcher).
 */
export function machineBound(plan: Plan, registries: Registries): number {
  const reads = readRetry();
  const handler = taskBound(TASK_SECONDS.handler, reads);
  // Of a run that fails at its report, another one tells.
  const reports = taskBound(TASK_SECONDS.report, reads) + taskBound(TASK_SECONDS.report, briefRetry());
  const longest = (values: number[]) => Math.max(0, ...values);
  const measured = (checks: Check[]) =>
    longest(checks.map((check) => taskBound(checkSeconds(check, registries), reads)));
  const { settleSeconds, rounds, everySeconds, progressRounds } = watchRounds(plan);
  // The announcement of the restored service, and the calls of the ladder: at the start, at once, after a failure.
  const told = 1 + (plan.escalation ? 3 : 0);
  let total = (6 + told) * handler + reports;
  if (plan.approval) {
    const hotfix = plan.deployments.hotfix ? seconds(plan.deployments.hotfix) : 0;
    total += taskBound(Math.max(seconds(plan.approval.deadline), hotfix), askRetry()) + 2 * handler;
  }
  total += preflightWaves(plan).length * taskBound(TASK_SECONDS.preflight, reads);
  for (const stage of plan.stages) {
    const phases = stage.steps.map((step) => phaseBound(step, registries));
    total += longest(phases) + measured(stage.checks);
    // Reverts follow one another.
    total += phases.reduce((sum, each) => sum + each, 0);
    // And those that hold for the watch alone are undone at its end.
    total += phases.reduce((sum, each, index) => sum + (stage.steps[index]!.until ? each : 0), 0);
  }
  // What a failed stage began side by side ends before the way back.
  total += TASK_SECONDS.apply;
  total += measured(plan.verify);
  total +=
    settleSeconds +
    rounds * (everySeconds + measured(plan.watch.checks)) +
    Math.ceil(rounds / progressRounds) * handler;
  if (plan.worse)
    total +=
      handler +
      plan.worse.after.length * (seconds(plan.worse.wait) + handler) * Math.max(1, ladderOf(plan).length);
  // Each level is verified until its time is over, and its watch may run to the last round before it relapses.
  for (const { withinSeconds } of ladderOf(plan))
    total +=
      withinSeconds +
      RECOVERY_SECONDS +
      2 * measured(plan.verify) +
      settleSeconds +
      rounds * (everySeconds + measured(plan.watch.checks));
  return Math.ceil(total * MARGIN);
}
