import { seconds } from "./duration.ts";
import type { Registries } from "./registries.ts";
import type { Plan, Step } from "./schema.ts";

/** When a step's spec is not known (a plan with problems), so that an estimate can still be shown. */
const UNKNOWN_TIMING = { timeoutSeconds: 900, pollSeconds: 30 };

/** A step's deadline and the pause between its polls, seconds. */
export function timingOf(
  step: Step,
  { actions }: Registries,
): { timeoutSeconds: number; pollSeconds: number } {
  const own = actions[step.action]?.timing ?? UNKNOWN_TIMING;
  return {
    timeoutSeconds: step.timeout === undefined ? own.timeoutSeconds : seconds(step.timeout),
    pollSeconds: Math.max(1, step.poll === undefined ? own.pollSeconds : seconds(step.poll)),
  };
}

/** Largest number of polls in one phase of a step: the deadline is looked at after each. */
export function mostPolls(step: Step, registries: Registries): number {
  const { timeoutSeconds, pollSeconds } = timingOf(step, registries);
  return Math.ceil(timeoutSeconds / pollSeconds) + 1;
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
