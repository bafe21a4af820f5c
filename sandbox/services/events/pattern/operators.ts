import { anythingBut } from "./anything-but.ts";
import { cidr } from "./cidr.ts";
import { invalid } from "./invalid.ts";
import { numeric } from "./numeric.ts";
import { wildcard } from "./wildcard.ts";

/** A compiled list of alternatives for one field. */
export interface Test {
  /** For a field that is there. */
  value(given: unknown): boolean;
  /** For one that is not. */
  absent: boolean;
}

const isScalar = (value: unknown) => value === null || ["string", "number", "boolean"].includes(typeof value);

/** Any of the alternatives must match. */
export function matcher(alternatives: unknown[]): Test {
  if (alternatives.length === 0) throw invalid("Empty arrays are not allowed");
  const tests = alternatives.map((each): Test => {
    if (isScalar(each)) return { value: (given) => given === each, absent: false };
    if (Array.isArray(each)) throw invalid("Match value must be String, number, true, false, or null");
    return operator(each as Record<string, unknown>);
  });
  return {
    value: (given) => tests.some((test) => test.value(given)),
    absent: tests.some((test) => test.absent),
  };
}

const needString = (name: string, value: unknown): string => {
  if (typeof value !== "string") throw invalid(`${name} match pattern must be a string`);
  return value;
};

/** `{"prefix": "a"}` or `{"prefix": {"equals-ignore-case": "a"}}`. */
function affix(name: "prefix" | "suffix", wanted: unknown): (found: unknown) => boolean {
  const anyCase = typeof wanted === "object" && wanted !== null && !Array.isArray(wanted);
  const given = anyCase ? (wanted as Record<string, unknown>)["equals-ignore-case"] : wanted;
  const text = needString(name, given);
  const test = (found: string, part: string) =>
    name === "prefix" ? found.startsWith(part) : found.endsWith(part);
  if (!anyCase) return (found) => typeof found === "string" && test(found, text);
  return (found) => typeof found === "string" && test(found.toLowerCase(), text.toLowerCase());
}

function operator(given: Record<string, unknown>): Test {
  const names = Object.keys(given);
  const name = names[0];
  if (names.length !== 1 || name === undefined) throw invalid("Only one key allowed in match expression");
  const wanted = given[name];
  const present = (value: (found: unknown) => boolean): Test => ({ value, absent: false });
  switch (name) {
    case "exists": {
      if (typeof wanted !== "boolean") throw invalid("exists match pattern must be either true or false.");
      return { value: () => wanted, absent: !wanted };
    }
    case "prefix":
    case "suffix":
      return present(affix(name, wanted));
    case "equals-ignore-case": {
      const text = needString(name, wanted).toLowerCase();
      return present((found) => typeof found === "string" && found.toLowerCase() === text);
    }
    case "wildcard":
      return present(wildcard(needString(name, wanted)));
    case "numeric":
      return present(numeric(wanted));
    case "cidr":
      return present(cidr(wanted));
    case "anything-but":
      return present(anythingBut(wanted));
    default:
      throw invalid(`Unrecognized match type ${name}`);
  }
}
