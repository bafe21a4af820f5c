import { nearest } from "../nearest.ts";
import { rampSteps } from "../redeploy.ts";
import { revertibleWith } from "../registries.ts";
import type { Rule } from "./rule.ts";

/**
 * A ramp goes back by itself, so each of its changes must be one that can be taken back, with nothing lost: it can be
 * undone, and what it overwrites is in its own record. What it names as `atOnce` exists.
 */
export const redeployGoesBack: Rule = (plan, registries) => {
  const triggers = plan.triggers.map(({ id }) => id);
  const unknown = (plan.redeploy?.atOnce ?? []).flatMap((id, index) => {
    if (triggers.includes(id)) return [];
    const near = nearest(id, triggers);
    return [
      {
        path: ["redeploy", "atOnce", index],
        reason: `there is no trigger "${id}"`,
        instead: near ? `write "${near}"` : `use one of: ${triggers.join(", ")}`,
      },
    ];
  });
  const oneWay = rampSteps(plan).flatMap(({ index, stage }) =>
    stage.steps.flatMap((step, number) => {
      const spec = registries.actions[step.action];
      if (!spec) return [];
      const path = ["redeploy", "steps", index, "steps", number];
      const read = spec.input.safeParse(step.with);
      if (!revertibleWith(spec, read.success ? read.data : step.with))
        return [
          {
            path,
            reason: `"${step.id}" cannot be undone, and a ramp goes back without asking anyone`,
            instead: "bring the release out with an action that can be",
          },
        ];
      if (step.until)
        return [
          {
            path: [...path, "until"],
            reason: `"${step.id}" would end with a watch, and a ramp has none`,
            instead: "leave it out",
          },
        ];
      return spec.effect === "overwrites" && !spec.keepsBefore
        ? [
            {
              path,
              reason: `"${step.id}" overwrites what no record of it holds`,
              instead: "bring the release out with an action that keeps what was before",
            },
          ]
        : [];
    }),
  );
  return [...unknown, ...oneWay];
};
