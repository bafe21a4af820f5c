import type { Rule } from "./rule.ts";

/** Ids name states, variables and tokens: each may be used once for steps and checks, once for triggers. Stage names too. */
export const duplicateIds: Rule = (plan) => {
  const places: { id: string; path: (string | number)[]; group: string }[] = [
    ...plan.triggers.map(({ id }, index) => ({ id, path: ["triggers", index, "id"], group: "trigger" })),
    ...plan.stages.map(({ name }, index) => ({ id: name, path: ["stages", index, "name"], group: "stage" })),
    ...plan.stages.flatMap((stage, number) => [
      ...stage.steps.map(({ id }, index) => ({
        id,
        path: ["stages", number, "steps", index, "id"],
        group: "step",
      })),
      ...stage.checks.map(({ id }, index) => ({
        id,
        path: ["stages", number, "checks", index, "id"],
        group: "check",
      })),
    ]),
    ...plan.verify.map(({ id }, index) => ({ id, path: ["verify", index, "id"], group: "check" })),
    ...plan.watch.checks.map(({ id }, index) => ({
      id,
      path: ["watch", "checks", index, "id"],
      group: "check",
    })),
    ...(plan.redeploy?.steps ?? []).flatMap(({ name, steps, checks = [] }, number) => [
      { id: name, path: ["redeploy", "steps", number, "name"], group: "step of the ramp" },
      ...steps.map(({ id }, index) => ({
        id,
        path: ["redeploy", "steps", number, "steps", index, "id"],
        group: "step",
      })),
      ...checks.map(({ id }, index) => ({
        id,
        path: ["redeploy", "steps", number, "checks", index, "id"],
        group: "check",
      })),
    ]),
  ];
  const seen = new Set<string>();
  return places.flatMap(({ id, path, group }) => {
    const key = `${group} ${id}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path, reason: `the ${group} "${id}" exists already`, instead: "give it a name of its own" }];
  });
};
