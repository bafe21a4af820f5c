import { type Rule, sameResource, stepsOf } from "./rule.ts";

/**
 * The steps of a stage run at the same time. Of two that change the same thing, one finds the world changed since
 * preflight, or writes over the other; which one is chance.
 */
export const sideBySide: Rule = (plan, registries) => {
  const steps = stepsOf(plan, registries).map((placed) => ({
    ...placed,
    changed: placed.spec.touches(placed.input as never),
  }));
  return steps.flatMap((later, number) =>
    steps
      .slice(0, number)
      .flatMap((earlier) => {
        if (earlier.stage !== later.stage) return [];
        const both = later.changed.find((one) => earlier.changed.some((other) => sameResource(one, other)));
        return both
          ? [
              {
                path: later.path,
                reason: `"${later.step.id}" and "${earlier.step.id}" run at the same time, and both change ${both.type} ${both.id}`,
                instead: `put "${later.step.id}" into a stage of its own`,
              },
            ]
          : [];
      })
      .slice(0, 1),
  );
};
