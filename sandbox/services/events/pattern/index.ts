import { type AnythingButOperators, OPERATORS, SNS_OPERATORS } from "./anything-but.ts";
import { invalid, Mistake, place } from "./invalid.ts";
import { jsonMistake } from "./json-mistake.ts";
import { type Node, nodesOf, type ObjectNode } from "./nodes.ts";
import { matcher, type Test } from "./operators.ts";

/** Whether an event matches. */
export type Pattern = (event: unknown) => boolean;

const compiled = new Map<string, Pattern>();

/**
 * An event pattern (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html) as a function.
 * SNS's filter policies are the same language with fewer words. Throws InvalidEventPatternException for what
 * EventBridge refuses.
 */
export function compilePattern(text: string, language: "events" | "sns" = "events"): Pattern {
  const known = compiled.get(language + text);
  if (known) return known;
  try {
    JSON.parse(text);
  } catch {
    const { reason, column } = jsonMistake(text);
    throw invalid(reason + place(text, column - 1));
  }
  try {
    const root = nodesOf(text);
    if (root.kind !== "object") throw new Mistake("Filter is not an object", root.at);
    const pattern = object(root, language === "sns" ? SNS_OPERATORS : OPERATORS);
    if (compiled.size > 2_000) compiled.clear();
    compiled.set(language + text, pattern);
    return pattern;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const where = error.at === undefined ? "" : place(text, error.at).repeat(error.times);
    throw invalid(error.message + where);
  }
}

/** All fields must match; `$or` lists alternatives for the whole level. */
function object(pattern: ObjectNode, words: AnythingButOperators): (event: unknown) => boolean {
  if (pattern.members.length === 0) throw new Mistake("Empty objects are not allowed", pattern.end);
  const tests = new Map(
    pattern.members.map(({ name, node }) => {
      if (name === "$or" && node.kind === "array" && node.items.every(({ kind }) => kind === "object")) {
        const options = node.items.map((each) => object(each as ObjectNode, words));
        if (options.length < 2)
          throw new Mistake("There must have at least 2 Objects in $or relationship.", node.end);
        return [name, (event: unknown) => options.some((option) => option(event))];
      }
      return [name, field(name, node, words)];
    }),
  );
  return (event) => [...tests.values()].every((test) => test(event));
}

function field(key: string, value: Node, words: AnythingButOperators): (event: unknown) => boolean {
  if (value.kind !== "array" && value.kind !== "object")
    throw new Mistake(`"${key}" must be an object or an array`, value.at);
  return at(key, value.kind === "array" ? matcher(value, words) : object(value, words));
}

/** A test of what an event has under a name. A name with dots is the same as the path it spells, in both. */
function at(key: string, test: Test | ((event: unknown) => boolean)): (event: unknown) => boolean {
  const dot = key.indexOf(".");
  if (dot > 0 && dot < key.length - 1) return at(key.slice(0, dot), at(key.slice(dot + 1), test));
  if (typeof test !== "function") return (event) => leaf(test, valuesAt(event, key));
  return (event) => {
    const candidates = [...valuesAt(event, key), ...dotted(event, key)];
    if (candidates.length === 0) return test({});
    return candidates.some((child) =>
      Array.isArray(child) ? child.flat(Number.POSITIVE_INFINITY).some(test) : test(child),
    );
  };
}

/** The members named `key` of an event's level. */
function valuesAt(event: unknown, key: string): unknown[] {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return [];
  return Object.hasOwn(event, key) ? [(event as Record<string, unknown>)[key]] : [];
}

/** Members `key.rest` of a level, as an object `{rest: …}`: EventBridge joins names with dots before it matches. */
function dotted(event: unknown, key: string): unknown[] {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return [];
  const found = Object.entries(event).filter(([name]) => name.startsWith(`${key}.`));
  return found.length === 0
    ? []
    : [Object.fromEntries(found.map(([name, value]) => [name.slice(key.length + 1), value]))];
}

function leaf(test: Test, values: unknown[]): boolean {
  if (values.length === 0) return test.absent;
  const [value] = values;
  // `exists` sees leaves only: an object under the name is as good as nothing.
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return test.absent;
  return Array.isArray(value)
    ? value.length === 0
      ? test.absent
      : value.flat(5).some((each) => test.value(each))
    : test.value(value);
}
