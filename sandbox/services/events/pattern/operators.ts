import { type AnythingButOperators, anythingBut } from "./anything-but.ts";
import { cidr } from "./cidr.ts";
import { Mistake } from "./invalid.ts";
import type { ArrayNode, Node, ObjectNode } from "./nodes.ts";
import { numeric } from "./numeric.ts";
import { wildcard } from "./wildcard.ts";

/** A compiled list of alternatives for one field. */
export interface Test {
  /** For a field that is there. */
  value(given: unknown): boolean;
  /** For one that is not. */
  absent: boolean;
}

/** Any of the alternatives must match. */
export function matcher(alternatives: ArrayNode, inAnythingBut: AnythingButOperators): Test {
  const tests = alternatives.items.map((each): Test => {
    if (each.kind === "object") return operator(each, inAnythingBut);
    if (each.kind === "array")
      throw new Mistake("Match value must be String, number, true, false, or null", each.at);
    return { value: (given) => given === each.value, absent: false };
  });
  if (tests.length === 0) throw new Mistake("Empty arrays are not allowed", alternatives.end);
  return {
    value: (given) => tests.some((test) => test.value(given)),
    absent: tests.some((test) => test.absent),
  };
}

function stringIn(name: string, wanted: Node): string {
  if (wanted.kind !== "string") throw new Mistake(`${name} match pattern must be a string`, wanted.at);
  return wanted.value;
}

const oneKey = ({ at }: Node) => new Mistake("Only one key allowed in match expression", at);

/** `{"prefix": "a"}` or `{"prefix": {"equals-ignore-case": "a"}}`. */
function affix(name: "prefix" | "suffix", wanted: Node): (found: unknown) => boolean {
  const test = (found: string, part: string) =>
    name === "prefix" ? found.startsWith(part) : found.endsWith(part);
  if (wanted.kind !== "object") {
    const text = stringIn(name, wanted);
    return (found) => typeof found === "string" && test(found, text);
  }
  const [member, more] = wanted.members;
  const title = name === "prefix" ? "Prefix" : "Suffix";
  if (!member) throw new Mistake(`${title} expression name not found`, wanted.end);
  if (member.name !== "equals-ignore-case")
    throw new Mistake(`Unsupported ${name} pattern: ${member.name}`, member.node.at);
  const text = stringIn("equals-ignore-case", member.node).toLowerCase();
  if (more) throw oneKey(more.node);
  return (found) => typeof found === "string" && test(found.toLowerCase(), text);
}

function operator(given: ObjectNode, inAnythingBut: AnythingButOperators): Test {
  const [member, more] = given.members;
  if (!member) throw new Mistake("Match expression name not found", given.end);
  const test = testOf(member.name, member.node, inAnythingBut);
  if (more)
    throw member.name === "numeric" || member.name === "anything-but"
      ? new Mistake("Too many elements in numeric expression", more.node.at)
      : oneKey(more.node);
  return test;
}

function testOf(name: string, wanted: Node, inAnythingBut: AnythingButOperators): Test {
  const present = (value: (found: unknown) => boolean): Test => ({ value, absent: false });
  switch (name) {
    case "exists": {
      const exists = wanted.kind === "word" ? wanted.value : undefined;
      if (typeof exists !== "boolean")
        throw new Mistake("exists match pattern must be either true or false.", wanted.at);
      return { value: () => exists, absent: !exists };
    }
    case "prefix":
    case "suffix":
      return present(affix(name, wanted));
    case "equals-ignore-case": {
      const text = stringIn(name, wanted).toLowerCase();
      return present((found) => typeof found === "string" && found.toLowerCase() === text);
    }
    case "wildcard":
      return present(wildcard(stringIn(name, wanted), wanted.end));
    case "numeric":
      return present(numeric(wanted));
    case "cidr":
      return present(cidr(wanted));
    case "anything-but":
      return present(anythingBut(wanted, inAnythingBut));
    default:
      throw new Mistake(`Unrecognized match type ${name}`, wanted.at);
  }
}
