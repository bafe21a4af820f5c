import { durationText } from "../duration.ts";
import type { Plan } from "../schema.ts";
import { timingOf } from "../timing.ts";
import { type PlacedStep, type Rule, sameResource, stepsOf } from "./rule.ts";

/**
 * Some things take one change at a time, and are taken for a while after a step is done: an AppConfig environment while
 * a deployment bakes. A step that has to wait for that longer than its own deadline fails in every run.
 */
export const occupiedTooLong: Rule = (plan, registries) => {
  const steps = stepsOf(plan, registries).flatMap((placed) => {
    const occupied = placed.spec.occupies?.(placed.input as never);
    return occupied ? [{ ...placed, occupied }] : [];
  });
  return steps.flatMap((later, number) => {
    const { timeoutSeconds } = timingOf(later.step, registries);
    const { what, changing } = later.occupied;
    const first = steps
      .slice(0, number)
      .filter((earlier) => sameResource(earlier.occupied.what, what) && inOneRun(plan, earlier, later))
      .toSorted((left, right) => right.occupied.after - left.occupied.after)[0];
    const taken = first
      ? first.occupied.after + (first.stage === later.stage ? first.occupied.changing : 0)
      : 0;
    if (taken + changing < timeoutSeconds) return [];
    const enough = durationText((Math.floor((taken + changing) / 60) + 5) * 60);
    return [
      {
        path: later.path,
        reason: first
          ? `"${later.step.id}" waits until ${what.type} ${what.id} is free, ${durationText(taken)} after "${first.step.id}", and gives up after ${durationText(timeoutSeconds)}`
          : `"${later.step.id}" needs ${durationText(changing)}, and gives up after ${durationText(timeoutSeconds)}`,
        instead: `name a \`strategy\` that is quicker and does not bake, or give it a \`timeout\` of ${enough}`,
      },
    ];
  });
};

/** Whether one run can come to both: it climbs from level to level only where the plan says `levels`. */
function inOneRun({ stages, levels }: Plan, left: PlacedStep, right: PlacedStep): boolean {
  const [one, other] = [stages[left.stage]!.levels, stages[right.stage]!.levels];
  return levels !== undefined || !one || !other || one.some((level) => other.includes(level));
}
