import { expressionsIn, referencesOf } from "../expressions.ts";
import { type PlacedStep, type Rule, stepsOf } from "./rule.ts";

/** Types of things that take an application's writes. */
const DATABASES = new Set(["rds-instance", "aurora-cluster", "database"]);

/**
 * At no moment may two databases both take the application's writes (invariant 7): before a step switches to a
 * database that another step made, an earlier stage fences the one it was made from.
 */
export const fenceBeforeSwitch: Rule = (plan, registries) => {
  const steps = stepsOf(plan, registries);
  return steps.flatMap((made) => {
    if (made.spec.effect !== "creates" || !makesDatabase(made)) return [];
    const switched = steps.find(
      (other) =>
        other.spec.effect === "switches" && other.stage > made.stage && uses(other.step.with, made.step.id),
    );
    if (!switched) return [];
    const named = new Set(stringsIn(made.input));
    const fenced = steps.some(
      (each) =>
        each.spec.effect === "fences" &&
        each.stage < switched.stage &&
        each.spec.touches(each.input).some(({ id }) => named.has(id)),
    );
    return fenced
      ? []
      : [
          {
            path: switched.path,
            reason: `"${switched.step.id}" switches to the database that "${made.step.id}" makes, and nothing keeps the old one from taking writes`,
            instead: "add a step that fences the old database to an earlier stage",
          },
        ];
  });
};

/** An action that does not say what it makes is taken to make a database. */
function makesDatabase({ spec, input }: PlacedStep): boolean {
  return spec.creates?.(input).some(({ type }) => DATABASES.has(type)) ?? true;
}

function uses(value: unknown, id: string): boolean {
  return expressionsIn(value).some(({ source }) =>
    referencesOf(source).some(([variable, step]) => variable === "steps" && step === id),
  );
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}
