import type { KubeObject, Selector } from "./objects.ts";
import { failure } from "./status.ts";

type Labels = Record<string, string>;

/** Whether labels fit a selector of an object's spec. */
export function selects(selector: Selector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      if (operator === "In") return value !== undefined && values.includes(value);
      if (operator === "NotIn") return value === undefined || !values.includes(value);
      throw failure("Invalid", `"${operator}" is not a valid label selector operator`);
    })
  );
}

/** The `labelSelector` of a request: `app=web,tier in (a,b),!canary`. */
export function labelSelector(text: string): (labels?: Labels) => boolean {
  const tests = (text.match(/[^,(]+(?:\([^)]*\))?/g) ?? []).map((part) => part.trim()).filter(Boolean);
  const compiled = tests.map((test): ((labels: Labels) => boolean) => {
    const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(test);
    if (set) {
      const values = set[3]!.split(",").map((each) => each.trim());
      const inside = (labels: Labels) => values.includes(labels[set[1]!] ?? "\0");
      return set[2] === "in" ? inside : (labels) => !inside(labels);
    }
    const equal = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(test);
    if (equal)
      return ({ [equal[1]!]: value }) => (equal[2] === "!=" ? value !== equal[3] : value === equal[3]);
    const bare = /^(!?)([\w./-]+)$/.exec(test);
    if (bare) return ({ [bare[2]!]: value }) => (value === undefined) === (bare[1] === "!");
    throw failure("BadRequest", `unable to parse requirement: ${test}`);
  });
  return (labels = {}) => compiled.every((each) => each(labels));
}

/** The `fieldSelector` of a request: `metadata.name=web,status.phase!=Running`. */
export function fieldSelector(text: string): (object: KubeObject) => boolean {
  const tests = text
    .split(",")
    .filter(Boolean)
    .map((part) => {
      const found = /^([\w.]+)(==|=|!=)(.*)$/.exec(part);
      if (!found) throw failure("BadRequest", `invalid field selector: ${part}`);
      return { path: found[1]!.split("."), equal: found[2] !== "!=", value: found[3]! };
    });
  return (object) =>
    tests.every(({ path, equal, value }) => {
      let at: unknown = object;
      for (const name of path)
        at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[name] : undefined;
      return (String(at ?? "") === value) === equal;
    });
}
