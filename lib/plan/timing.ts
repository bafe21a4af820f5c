import { seconds } from "./duration.ts";
import type { Registries } from "./registries.ts";
import type { Plan, Step } from "./schema.ts";

/** When a step's spec is not known (a plan with problems), so that an estimate can still be shown. */
const UNKNOWN_TIMING = { timeoutSeconds: 900, pollSeconds: 30, phases: 1 };

/** A step's deadline and the pause between its polls, seconds, and how often its changing verbs are called at most. */
export function timingOf(
  step: Step,
  { actions }: Registries,
): { timeoutSeconds: number; pollSeconds: number; phases: number } {
  const own = actions[step.action]?.timing ?? UNKNOWN_TIMING;
  return {
    phases: own.phases ?? 1,
    timeoutSeconds: step.timeout === undefined ? own.timeoutSeconds : seconds(step.timeout),
    pollSeconds: Math.max(1, step.poll === undefined ? own.pollSeconds : seconds(step.poll)),
  };
}

/**
 * Polls get rarer the longer a step takes: a pause is a twentieth of the time passed, and never under `poll`. A
 * restore of four hours is then polled 80 times instead of 480, and found done at most 5 % late.
 */
export const POLL_SHARE = 20;

/** Pause before the next poll, seconds, when so many have passed since the step began. */
export function pauseAfter(elapsedSeconds: number, pollSeconds: number): number {
  return Math.max(pollSeconds, Math.ceil(elapsedSeconds / POLL_SHARE));
}

/** Largest number of polls in one phase of a step: the deadline is looked at after each. */
export function mostPolls(step: Step, registries: Registries): number {
  const { timeoutSeconds, pollSeconds } = timingOf(step, registries);
  let polls = 0;
  for (let elapsed = 0; elapsed <= timeoutSeconds; polls += 1) elapsed += pauseAfter(elapsed, pollSeconds);
  return polls;
}

/** Rounds of the watch and the pause between them, seconds. */
export function watchRounds({ watch }: Pick<Plan, "watch">): {
  settleSeconds: number;
  rounds: number;
  everySeconds: number;
  progressRounds: number;
} {
  const everySeconds = Math.max(1, seconds(watch.every));
  return {
    settleSeconds: seconds(watch.settle),
    everySeconds,
    rounds: Math.max(1, Math.ceil(seconds(watch.for) / everySeconds)),
    progressRounds: Math.max(1, Math.round(seconds(watch.progress) / everySeconds)),
  };
}

/** Seconds a call is taken to last when all is well. */
export const CALL_SECONDS = 1;

/** Seconds some stages take at the very least: in each, the longest first poll, and a call each for apply, poll and checks. */
export function quickest(stages: Plan["stages"], registries: Registries): number {
  return stages.reduce(
    (total, stage) =>
      total +
      Math.max(...stage.steps.map((step) => timingOf(step, registries).pollSeconds)) +
      3 * CALL_SECONDS,
    0,
  );
}
