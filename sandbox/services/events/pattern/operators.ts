import { anythingBut } from "./anything-but.ts";
import { cidr } from "./cidr.ts";
import { invalid } from "./index.ts";
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
export function matcher(alternatives: unknown[], path: string[]): Test {
  if (alternatives.length === 0)
    throw invalid("Event pattern is not valid. Reason: Empty arrays are not allowed");
  const tests = alternatives.map((each): Test => {
    if (isScalar(each)) return { value: (given) => given === each, absent: false };
    if (Array.isArray(each))
      throw invalid(
        "Event pattern is not valid. Reason: Match value must be String, number, true, false, or null",
      );
    return operator(each as Record<string, unknown>, path);
  });
  return {
    value: (given) => tests.some((test) => test.value(given)),
    absent: tests.some((test) => test.absent),
  };
}

const needString = (name: string, value: unknown, emptyToo = false): string => {
  if (typeof value !== "string")
    throw invalid(`Event pattern is not valid. Reason: ${name} match pattern must be a string`);
  if (value === "" && !emptyToo)
    throw invalid(`Event pattern is not valid. Reason: ${name} match pattern must not be empty`);
  return value;
};

function operator(given: Record<string, unknown>, path: string[]): Test {
  const names = Object.keys(given);
  const name = names[0];
  if (names.length !== 1 || name === undefined)
    throw invalid("Event pattern is not valid. Reason: Only one key allowed in match expression");
  const wanted = given[name];
  const present = (value: (found: unknown) => boolean): Test => ({ value, absent: false });
  switch (name) {
    case "exists": {
      if (typeof wanted !== "boolean")
        throw invalid(
          "Event pattern is not valid. Reason: exists match pattern must be either true or false.",
        );
      return { value: () => wanted, absent: !wanted };
    }
    case "prefix":
    case "suffix": {
      const start = name === "prefix";
      if (typeof wanted === "object" && wanted !== null) {
        const text = needString(
          `${name} equals-ignore-case`,
          (wanted as Record<string, unknown>)["equals-ignore-case"],
        ).toLowerCase();
        return present(
          (found) =>
            typeof found === "string" &&
            (start ? found.toLowerCase().startsWith(text) : found.toLowerCase().endsWith(text)),
        );
      }
      const text = needString(name, wanted, true);
      return present(
        (found) => typeof found === "string" && (start ? found.startsWith(text) : found.endsWith(text)),
      );
    }
    case "equals-ignore-case": {
      const text = needString(name, wanted, true).toLowerCase();
      return present((found) => typeof found === "string" && found.toLowerCase() === text);
    }
    case "wildcard":
      return present(wildcard(needString(name, wanted, true)));
    case "numeric":
      return present(numeric(wanted));
    case "cidr":
      return present(cidr(wanted));
    case "anything-but":
      return present(anythingBut(wanted));
    default:
      throw invalid(
        `Event pattern is not valid. Reason: Unrecognized match type ${name}\n at ${path.join(".")}`,
      );
  }
}
