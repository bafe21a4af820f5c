import { holds, type Rule, stepsOf } from "./rule.ts";

/** What is overwritten or fenced must be saved by an earlier stage first (invariant 5; GitLab, 31 January 2017). */
export const overwriteNeedsProvedBackup: Rule = (plan, registries) => {
  const steps = stepsOf(plan, registries);
  return steps.flatMap(({ step, spec, input, stage, path }) => {
    if (spec.effect !== "overwrites" && spec.effect !== "fences") return [];
    if (spec.keepsBefore) return [];
    return spec.touches(input).flatMap((touched) => {
      const saved = steps.some(
        (other) =>
          other.stage < stage && other.spec.backsUp?.(other.input).some((each) => holds(each, touched)),
      );
      return saved
        ? []
        : [
            {
              path,
              reason: `"${step.id}" ${spec.effect} ${touched.type} ${touched.id}, and no earlier stage backs it up`,
              instead: "add a backup of it in an earlier stage",
            },
          ];
    });
  });
};
