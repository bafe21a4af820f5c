import type { ActionSpec, Resource } from "../../../lambdas/runtime/spec.ts";
import type { Finding } from "../problem.ts";
import type { Registries } from "../registries.ts";
import type { Plan, Step } from "../schema.ts";

/** A plan rule: pure; an empty list means that the plan keeps it. */
export type Rule = (plan: Plan, registries: Registries) => Finding[];

/** A step with everything a rule asks of it. */
export interface PlacedStep {
  step: Step;
  spec: ActionSpec;
  /** `with:` as the action gets it, defaults filled in; as written where an expression does not let it be read. */
  input: unknown;
  stage: number;
  index: number;
  path: (string | number)[];
}

/** All steps of a plan whose kind is known, in the order they run. */
export function stepsOf(plan: Plan, { actions }: Registries): PlacedStep[] {
  return plan.stages.flatMap((stage, number) =>
    stage.steps.flatMap((step, index) => {
      const spec = actions[step.action];
      return spec
        ? [
            {
              step,
              spec,
              input: inputOf(spec, step.with),
              stage: number,
              index,
              path: ["stages", number, "steps", index],
            },
          ]
        : [];
    }),
  );
}

function inputOf(spec: ActionSpec, given: unknown): unknown {
  const read = spec.input.safeParse(given);
  return read.success ? read.data : given;
}

/** Whether a backup of `saved` holds `wanted`: it is that, or what that is a part of. */
export const holds = (saved: Resource, wanted: Resource): boolean =>
  sameResource(saved, wanted) || (wanted.within !== undefined && holds(saved, wanted.within));

export const sameResource = (left: Resource, right: Resource) =>
  left.type === right.type && left.id === right.id;
