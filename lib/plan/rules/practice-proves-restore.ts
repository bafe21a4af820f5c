import { practisedOf } from "../practice.ts";
import type { Rule } from "./rule.ts";

/** A practice restores something and proves it: success is measured, not assumed (invariant 16). */
export const practiceProvesRestore: Rule = (plan, registries) => {
  if (!plan.practice) return [];
  const { stages } = practisedOf(plan, registries);
  const kinds = Object.values(registries.actions)
    .filter(({ practice }) => practice !== undefined)
    .map(({ kind }) => kind);
  if (stages.length === 0)
    return [
      {
        path: ["practice"],
        reason: "no step of this plan can be practised",
        instead: `remove the section, or restore with one of: ${kinds.join(", ")}`,
      },
    ];
  return stages
    .filter(({ checks }) => checks.length === 0)
    .map(({ name, steps }) => ({
      path: ["practice"],
      reason: `no check looks at what "${name}" restores, so a practice of it would prove nothing`,
      instead: `add a check to that stage whose host is $steps.${steps[0]!.id}.endpoint.address`,
    }));
};
