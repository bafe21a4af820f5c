import { invalid } from "./invalid.ts";

const LIMIT = 5e9;
const COMPARE: Record<string, (found: number, limit: number) => boolean> = {
  "=": (found, limit) => found === limit,
  "<": (found, limit) => found < limit,
  "<=": (found, limit) => found <= limit,
  ">": (found, limit) => found > limit,
  ">=": (found, limit) => found >= limit,
};
const NAMES: Record<string, string> = { "=": "equals" };

interface Comparison {
  operator: string;
  limit: number;
}

/** `["=", 3]`, `[">", 0, "<=", 5]`: one comparison, or a range from its lower to its upper end. */
export function numeric(wanted: unknown): (found: unknown) => boolean {
  if (!Array.isArray(wanted)) throw invalid("Value of numeric must be an array.");
  if (wanted.length === 0) throw invalid("Invalid member in numeric match: ]");
  const first = comparison(wanted, 0);
  const second = wanted.length > 2 ? comparison(wanted, 2) : undefined;
  if (wanted.length > 4) throw invalid("Too many elements in numeric expression");
  if (second) checkRange(first, second);
  const tests = second ? [first, second] : [first];
  return (found) =>
    typeof found === "number" && tests.every(({ operator, limit }) => COMPARE[operator]!(found, limit));
}

function comparison(wanted: unknown[], at: number): Comparison {
  const [operator, limit] = [wanted[at], wanted[at + 1]];
  if (typeof operator !== "string") throw invalid(`Invalid member in numeric match: ${String(operator)}`);
  if (!COMPARE[operator]) throw invalid(`Unrecognized numeric range operator: ${operator}`);
  if (typeof limit !== "number") throw invalid(`Value of ${NAMES[operator] ?? operator} must be numeric`);
  if (Math.abs(limit) > LIMIT)
    throw invalid(
      "Value must be between -5.0E9 and 5.0E9, inclusive, with at most 6 digits after the decimal point",
    );
  return { operator, limit };
}

function checkRange(low: Comparison, high: Comparison): void {
  if (!low.operator.startsWith(">")) throw invalid("Too many terms in numeric range");
  if (!high.operator.startsWith("<")) throw invalid(`Bad numeric range operator: ${high.operator}`);
  if (low.limit >= high.limit) throw invalid("Bottom must be less than top");
}
