import { invalid } from "./invalid.ts";
import { wildcard } from "./wildcard.ts";

interface Operator {
  make: (wanted: string) => (found: string) => boolean;
  /** Why a value that is no text is refused. */
  mistake: string;
  /** Whether an empty text is refused. */
  notEmpty?: boolean;
}

const affix = "prefix/suffix match pattern must be a string";
const OPERATORS: Record<string, Operator> = {
  prefix: { make: (wanted) => (found) => found.startsWith(wanted), mistake: affix, notEmpty: true },
  suffix: { make: (wanted) => (found) => found.endsWith(wanted), mistake: affix, notEmpty: true },
  "equals-ignore-case": {
    make: (wanted) => (found) => found.toLowerCase() === wanted.toLowerCase(),
    mistake: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
  },
  wildcard: { make: (wanted) => wildcard(wanted), mistake: "wildcard match pattern must be a string" },
};

const NO_VALUE = "Value of anything-but must be an array or single string/number value.";

/** Everything but a value, a list of strings or of numbers, or what an operator matches. The field must be there. */
export function anythingBut(wanted: unknown): (found: unknown) => boolean {
  if (typeof wanted === "string" || typeof wanted === "number") return (found) => found !== wanted;
  if (Array.isArray(wanted)) return noneOf(wanted);
  if (typeof wanted !== "object" || wanted === null) throw invalid(NO_VALUE);
  const [[name, value] = ["", undefined], ...more] = Object.entries(wanted);
  const operator = OPERATORS[name];
  if (more.length > 0) throw invalid("Only one key allowed in match expression");
  if (!operator) throw invalid(`Unsupported anything-but pattern: ${name}`);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) throw invalid(NO_VALUE);
  const values: unknown[] = [value].flat();
  if (values.length === 0) throw invalid("Empty arrays are not allowed");
  const tests = values.map((each) => {
    if (typeof each !== "string") throw invalid(operator.mistake);
    if (each === "" && operator.notEmpty) throw invalid("Null prefix/suffix not allowed");
    return operator.make(each);
  });
  return (found) => typeof found !== "string" || !tests.some((test) => test(found));
}

function noneOf(wanted: unknown[]): (found: unknown) => boolean {
  if (wanted.length === 0) throw invalid("Empty arrays are not allowed");
  const strings = wanted.every((each) => typeof each === "string");
  const numbers = wanted.every((each) => typeof each === "number");
  if (!strings && !numbers) throw invalid("Inside anything but list, start|null|boolean is not supported.");
  return (found) => !wanted.some((each) => each === found);
}
