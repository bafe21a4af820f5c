import type { Rule } from "./rule.ts";

/** How other tools write what is `{% $steps.restore.instance %}` here; it would be sent as it stands. */
const FOREIGN = /\$(steps|run)\.[\w`]|(\{\{|\$\{)[-\s]*\$?(steps|run|outputs)\b/;

/** A reference outside `{% %}` is text: a record would be pointed at a host called "$steps.restore.endpoint.address". */
export const textLooksLikeExpression: Rule = (plan) => {
  const places: [value: unknown, path: (string | number)[]][] = [
    ...plan.stages.flatMap(({ steps, checks }, stage) => [
      ...steps.map((each, index) => [each.with, ["stages", stage, "steps", index, "with"]]),
      ...checks.map((each, index) => [each.with, ["stages", stage, "checks", index, "with"]]),
    ]),
    ...plan.verify.map((each, index) => [each.with, ["verify", index, "with"]]),
    ...plan.watch.checks.map((each, index) => [each.with, ["watch", "checks", index, "with"]]),
  ] as [unknown, (string | number)[]][];
  return places
    .flatMap(([value, path]) => foreignIn(value, path))
    .map(({ path, text }) => ({
      path,
      reason: `${JSON.stringify(text.slice(0, 60))} is sent as it stands: it is text, and no expression`,
      instead: 'write "{% $steps.<step>.<output> %}"',
    }));
};

function foreignIn(value: unknown, path: (string | number)[]): { path: (string | number)[]; text: string }[] {
  if (typeof value === "string")
    return !value.includes("{%") && FOREIGN.test(value) ? [{ path, text: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    foreignIn(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
