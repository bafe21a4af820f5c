import { expressionsIn, referencesOf } from "./expressions.ts";
import { reachedFrom } from "./ladder.ts";
import type { Plan, Stage } from "./schema.ts";

/**
 * Stages whose preflights run side by side, by their numbers, in the plan's order. Preflights only read, so that one
 * waits for another only where it needs what that one found: a stage begins a new wave when one of its steps refers to
 * a step of the present wave, or when it is resolved at other levels. Pure.
 */
export function preflightWaves(plan: Pick<Plan, "levels" | "stages">): number[][] {
  const waves: { levels: string | undefined; steps: Set<string>; stages: number[] }[] = [];
  for (const [index, stage] of plan.stages.entries()) {
    const levels = reachedFrom(plan, stage)?.join("\n");
    let wave = waves.at(-1);
    if (!wave || wave.levels !== levels || refersTo(stage, wave.steps)) {
      wave = { levels, steps: new Set(), stages: [] };
      waves.push(wave);
    }
    wave.stages.push(index);
    for (const { id } of stage.steps) wave.steps.add(id);
  }
  return waves.map(({ stages }) => stages);
}

/** Whether a step's input is made of what one of these steps found. `$steps` as a whole is all of them. */
function refersTo({ steps }: Stage, found: Set<string>): boolean {
  return steps
    .flatMap((step) => expressionsIn(step.with))
    .flatMap(({ source }) => referencesOf(source))
    .some(([variable, id]) => variable === "steps" && (id === undefined || found.has(id)));
}
