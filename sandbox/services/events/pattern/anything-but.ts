import { invalid } from "./index.ts";
import { wildcard } from "./wildcard.ts";

const OPERATORS: Record<string, (wanted: string) => (found: string) => boolean> = {
  prefix: (wanted) => (found) => found.startsWith(wanted),
  suffix: (wanted) => (found) => found.endsWith(wanted),
  "equals-ignore-case": (wanted) => (found) => found.toLowerCase() === wanted.toLowerCase(),
  wildcard: (wanted) => wildcard(wanted),
};

/** Everything but a value, a list of strings or of numbers, or what an operator matches. The field must be there. */
export function anythingBut(wanted: unknown): (found: unknown) => boolean {
  if (typeof wanted === "string" || typeof wanted === "number") return (found) => found !== wanted;
  if (Array.isArray(wanted)) {
    if (wanted.length === 0)
      throw invalid("Event pattern is not valid. Reason: Empty arrays are not allowed");
    const strings = wanted.every((each) => typeof each === "string");
    const numbers = wanted.every((each) => typeof each === "number");
    if (!strings && !numbers)
      throw invalid(
        "Event pattern is not valid. Reason: Inside anything but list, start|null|boolean is not supported.",
      );
    return (found) => !wanted.includes(found as never);
  }
  if (typeof wanted !== "object" || wanted === null)
    throw invalid(
      "Event pattern is not valid. Reason: Value of anything-but must be an array or single string/number value.",
    );
  const entries = Object.entries(wanted);
  const [name, value] = entries[0] ?? ["", undefined];
  const make = OPERATORS[name];
  if (entries.length !== 1 || !make)
    throw invalid(`Event pattern is not valid. Reason: Unsupported anything-but pattern: ${name}`);
  const values = [value].flat();
  if (values.length === 0 || values.some((each) => typeof each !== "string"))
    throw invalid(`Event pattern is not valid. Reason: ${name} match pattern must be a string`);
  if (values.some((each) => each === "") && name !== "equals-ignore-case")
    throw invalid(`Event pattern is not valid. Reason: Null prefix/suffix not allowed`);
  const tests = values.map((each) => make(each as string));
  return (found) => typeof found !== "string" || !tests.some((test) => test(found));
}
