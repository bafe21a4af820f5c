import { invalid } from "./invalid.ts";
import { jsonMistake } from "./json-mistake.ts";
import { matcher, type Test } from "./operators.ts";

/** Whether an event matches. */
export type Pattern = (event: unknown) => boolean;

const compiled = new Map<string, Pattern>();

/**
 * An event pattern (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html) as a function.
 * Throws InvalidEventPatternException for what EventBridge refuses.
 */
export function compilePattern(text: string): Pattern {
  const known = compiled.get(text);
  if (known) return known;
  const source = (column: number) => `\n at [Source: (String)"${text}"; line: 1, column: ${column}]`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const { reason, column } = jsonMistake(text);
    throw invalid(reason + source(column));
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw invalid(`Filter is not an object${source(2)}`);
  const test = object(parsed as Record<string, unknown>);
  const pattern: Pattern = (event) => test(event);
  if (compiled.size > 2_000) compiled.clear();
  compiled.set(text, pattern);
  return pattern;
}

/** All fields must match; `$or` lists alternatives for the whole level. */
function object(pattern: Record<string, unknown>): (event: unknown) => boolean {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalid("Empty objects are not allowed");
  const tests = entries.map(([key, value]) => {
    if (
      key === "$or" &&
      Array.isArray(value) &&
      value.every((each) => typeof each === "object" && each !== null && !Array.isArray(each))
    ) {
      if (value.length < 2) throw invalid("There must have at least 2 Objects in $or relationship.");
      const options = value.map((each) => object(each as Record<string, unknown>));
      return (event: unknown) => options.some((option) => option(event));
    }
    return field(key, value);
  });
  return (event) => tests.every((test) => test(event));
}

function field(key: string, value: unknown): (event: unknown) => boolean {
  // A name with dots is the same as the path it spells, in patterns and in events.
  const dot = key.indexOf(".");
  if (dot > 0 && dot < key.length - 1) return field(key.slice(0, dot), { [key.slice(dot + 1)]: value });
  if (Array.isArray(value)) {
    const test = matcher(value);
    return (event) => leaf(test, valuesAt(event, key));
  }
  if (typeof value === "object" && value !== null) {
    const inner = object(value as Record<string, unknown>);
    return (event) => {
      const candidates = [...valuesAt(event, key), ...dotted(event, key)];
      if (candidates.length === 0) return inner({});
      return candidates.some((child) => (Array.isArray(child) ? child.some(inner) : inner(child)));
    };
  }
  throw invalid(`"${key}" must be an object or an array`);
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
