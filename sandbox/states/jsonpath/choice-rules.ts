import type { ChoiceRule } from "../asl.ts";
import { StateFailure } from "../failure.ts";
import { find, parsePath } from "./path.ts";
import { read } from "./state-fields.ts";
import type { StateVisit } from "./state-visit.ts";

const isTime = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));

/** Comparison operators by type: whether `value` has the type, and how it compares. */
const TYPES: Record<string, { has(value: unknown): boolean; key(value: unknown): string | number }> = {
  String: { has: (value) => typeof value === "string", key: (value) => value as string },
  Numeric: { has: (value) => typeof value === "number", key: (value) => value as number },
  Timestamp: { has: isTime, key: (value) => Date.parse(value as string) },
};

const ORDERS: Record<string, (left: string | number, right: string | number) => boolean> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThan: (left, right) => left > right,
  GreaterThanEquals: (left, right) => left >= right,
};

/** Whether a JSONPath choice rule holds (https://states-language.net/spec.html#choice-state). */
export function ruleMatches(visit: StateVisit, rule: ChoiceRule): boolean {
  if (rule["And"]) return (rule["And"] as ChoiceRule[]).every((each) => ruleMatches(visit, each));
  if (rule["Or"]) return (rule["Or"] as ChoiceRule[]).some((each) => ruleMatches(visit, each));
  if (rule["Not"]) return !ruleMatches(visit, rule["Not"] as ChoiceRule);
  const path = rule["Variable"] as string;
  const operator = Object.keys(rule).find(
    (key) => !["Variable", "Next", "Comment", "Assign", "Output"].includes(key),
  );
  if (!operator) throw new StateFailure("States.Runtime", `A choice rule of '${visit.name}' has no operator`);
  const wanted = rule[operator];
  const data = visit.pathInput;
  if (operator === "IsPresent") {
    const { root, parts } = parsePath(path);
    const from = root === "$" ? data : root === "$$" ? visit.context : visit.frame.scope.all()[root.slice(1)];
    return (from !== undefined && find(parts, from).length > 0) === wanted;
  }
  const value = read(visit, path, data, "Variable");
  const is: Record<string, boolean> = {
    IsNull: value === null,
    IsString: typeof value === "string",
    IsNumeric: typeof value === "number",
    IsBoolean: typeof value === "boolean",
    IsTimestamp: isTime(value),
  };
  if (operator in is) return is[operator] === wanted;
  const [, type = "", order = "", viaPath] =
    /^(String|Numeric|Boolean|Timestamp)(\w+?)(Path)?$/.exec(operator) ?? [];
  const other = viaPath ? read(visit, String(wanted), data, operator) : wanted;
  if (type === "Boolean") return typeof value === "boolean" && value === other;
  if (operator === "StringMatches") return typeof value === "string" && wildcard(String(other)).test(value);
  const kind = TYPES[type];
  const compare = ORDERS[order];
  if (!kind || !compare)
    throw new StateFailure("States.Runtime", `The choice operator '${operator}' does not exist`);
  return kind.has(value) && kind.has(other) && compare(kind.key(value), kind.key(other));
}

function wildcard(pattern: string): RegExp {
  const body = pattern.replace(/\\\*|\*|[.+?^${}()|[\]\\]/g, (found) =>
    found === "*" ? "[^]*" : found === "\\*" ? "\\*" : `\\${found}`,
  );
  return new RegExp(`^${body}$`);
}
