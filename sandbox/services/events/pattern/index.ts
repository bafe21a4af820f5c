import { ServiceException } from "../../../service.ts";
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
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid(`Event pattern is not valid. Reason: ${(error as Error).message}`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw invalid("Event pattern is not valid. Reason: Filter is not an object");
  const test = object(parsed as Record<string, unknown>, []);
  const pattern: Pattern = (event) => test(event);
  if (compiled.size > 2_000) compiled.clear();
  compiled.set(text, pattern);
  return pattern;
}

export const invalid = (message: string) => new ServiceException("InvalidEventPatternException", message);

/** All fields must match; `$or` lists alternatives for the whole level. */
function object(pattern: Record<string, unknown>, path: string[]): (event: unknown) => boolean {
  const entries = Object.entries(pattern);
  if (entries.length === 0)
    throw invalid("Event pattern is not valid. Reason: Empty objects are not allowed");
  const tests = entries.map(([key, value]) => {
    if (
      key === "$or" &&
      Array.isArray(value) &&
      value.every((each) => typeof each === "object" && each !== null && !Array.isArray(each))
    ) {
      if (value.length === 0) throw invalid("Event pattern is not valid. Reason: `$or` needs alternatives");
      const options = value.map((each) => object(each as Record<string, unknown>, path));
      return (event: unknown) => options.some((option) => option(event));
    }
    return field(key, value, path);
  });
  return (event) => tests.every((test) => test(event));
}

function field(key: string, value: unknown, path: string[]): (event: unknown) => boolean {
  const at = [...path, key];
  if (Array.isArray(value)) {
    const test = matcher(value, at);
    return (event) => leaf(test, valuesAt(event, key));
  }
  if (typeof value === "object" && value !== null) {
    const inner = object(value as Record<string, unknown>, at);
    return (event) => {
      // A name with dots is the same as the path it spells: the flattened keys of the event decide.
      const children = valuesAt(event, key);
      const candidates = children.length > 0 ? children : dotted(event, key);
      if (candidates.length === 0) return inner({});
      return candidates.some((child) => (Array.isArray(child) ? child.some(inner) : inner(child)));
    };
  }
  throw invalid(`Event pattern is not valid. Reason: "${key}" must be an object or an array`);
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
