import type { ActionSpec, Resource } from "../../../lambdas/runtime/spec.ts";
import type { Finding } from "../references.ts";
import type { Registries } from "../registries.ts";
import type { Plan, Step } from "../schema.ts";

/** A plan rule: pure; an empty list means that the plan keeps it. */
export type Rule = (plan: Plan, registries: Registries) => Finding[];

/** A step with everything a rule asks of it. */
export interface PlacedStep {
  step: Step;
  spec: ActionSpec;
  stage: number;
  index: number;
  path: (string | number)[];
}

/** All steps of a plan whose kind is known, in the order they run. */
export function stepsOf(plan: Plan, { actions }: Registries): PlacedStep[] {
  return plan.stages.flatMap((stage, number) =>
    stage.steps.flatMap((step, index) => {
      const spec = actions[step.action];
      return spec ? [{ step, spec, stage: number, index, path: ["stages", number, "steps", index] }] : [];
    }),
  );
}

export const sameResource = (left: Resource, right: Resource) => left.type === right.type && left.id === right.id;
