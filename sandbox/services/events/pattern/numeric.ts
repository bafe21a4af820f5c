import { Mistake } from "./invalid.ts";
import type { ArrayNode, Node } from "./nodes.ts";

const LIMIT = 5e9;
const COMPARE: Record<string, (found: number, limit: number) => boolean> = {
  "=": (found, limit) => found === limit,
  "<": (found, limit) => found < limit,
  "<=": (found, limit) => found <= limit,
  ">": (found, limit) => found > limit,
  ">=": (found, limit) => found >= limit,
};

/** `["=", 3]`, `[">", 0, "<=", 5]`: one comparison, or a range from its lower to its upper end. */
export function numeric(wanted: Node): (found: unknown) => boolean {
  if (wanted.kind !== "array") throw new Mistake("Value of numeric must be an array.", wanted.at);
  const [first, limit, second, top, more] = wanted.items;
  if (first?.kind !== "string") {
    const { text, at } = first ?? { text: "]", at: wanted.end };
    throw new Mistake(`Invalid member in numeric match: ${text}`, at);
  }
  const compare = COMPARE[first.value];
  if (!compare)
    throw new Mistake(`Unrecognized numeric range operator: ${first.value}`, limit?.at ?? wanted.end);
  const bound = limitIn(wanted, first.value === "=" ? "equals" : first.value, limit);
  if (!second) return (found) => typeof found === "number" && compare(found, bound);
  if (!first.value.startsWith(">")) throw new Mistake("Too many elements in numeric expression", second.at);
  if (second.kind !== "string") throw new Mistake(`Bad value in numeric range: ${second.text}`, second.at);
  if (!second.value.startsWith("<") || !COMPARE[second.value])
    throw new Mistake(`Bad numeric range operator: ${second.value}`, second.end);
  const upper = limitIn(wanted, second.value, top);
  if (more) throw new Mistake("Too many terms in numeric range expression", more.at);
  if (bound >= upper) throw new Mistake("Bottom must be less than top", wanted.end);
  const under = COMPARE[second.value]!;
  return (found) => typeof found === "number" && compare(found, bound) && under(found, upper);
}

function limitIn(list: ArrayNode, operator: string, given: Node | undefined): number {
  if (given?.kind !== "number")
    throw new Mistake(`Value of ${operator} must be numeric`, given?.at ?? list.end);
  const limit = Number(given.value);
  if (Math.abs(limit) > LIMIT)
    throw new Mistake(
      "Value must be between -5.0E9 and 5.0E9, inclusive, with at most 6 digits after the decimal point",
      list.end,
    );
  return limit;
}
