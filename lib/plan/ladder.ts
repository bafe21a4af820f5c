import { seconds } from "./duration.ts";
import type { Plan, Stage } from "./schema.ts";

/** Seconds between two verifications while a level is given time to help. */
export const RECOVERY_SECONDS = 30;

/** One level of a plan that climbs. */
export interface Rung {
  name: string;
  withinSeconds: number;
  /** Verifications it is given at the most. */
  rounds: number;
}

/** The levels a run may climb, the gentlest first; empty where the plan has one level at a time. */
export function ladderOf({ levels = [] }: Pick<Plan, "levels">): Rung[] {
  return levels.map(({ name, within }) => ({
    name,
    withinSeconds: seconds(within),
    rounds: Math.ceil(seconds(within) / RECOVERY_SECONDS) + 1,
  }));
}

/**
 * Levels of decisions at which a stage may come to run: its own, and every gentler one from which a run may climb to
 * them. Its change is resolved before anything is touched even if it is never needed.
 */
export function reachedFrom(plan: Pick<Plan, "levels">, stage: Pick<Stage, "levels">): string[] | undefined {
  const own = stage.levels;
  if (own === undefined) return undefined;
  const ladder = ladderOf(plan).map(({ name }) => name);
  const highest = Math.max(...own.map((level) => ladder.indexOf(level)));
  return [...new Set([...ladder.slice(0, highest + 1), ...own])];
}
