import { type Rule, sameResource, stepsOf } from "./rule.ts";

/** What a step makes must not carry the name of a thing that lives (invariant 4). */
export const restoredNameIsLive: Rule = (plan, registries) => {
  const steps = stepsOf(plan, registries);
  const live = steps.flatMap(({ spec, input }) => spec.touches(input));
  return steps.flatMap(({ step, spec, input, path }) =>
    (spec.creates?.(input) ?? [])
      .filter((made) => live.some((each) => sameResource(each, made)))
      .map((made) => ({
        path: [...path, "with"],
        reason: `"${step.id}" would make ${made.type} ${made.id}, which is live`,
        instead: "give what is restored a name of its own",
      })),
  );
};
