import { invalid } from "./index.ts";

const LIMIT = 5e9;
const COMPARE: Record<string, (found: number, limit: number) => boolean> = {
  "=": (found, limit) => found === limit,
  "<": (found, limit) => found < limit,
  "<=": (found, limit) => found <= limit,
  ">": (found, limit) => found > limit,
  ">=": (found, limit) => found >= limit,
};

/** `["=", 3]`, `[">", 0, "<=", 5]`: one comparison, or a range from its lower to its upper end. */
export function numeric(wanted: unknown): (found: unknown) => boolean {
  const fail = (reason: string) => invalid(`Event pattern is not valid. Reason: ${reason}`);
  if (!Array.isArray(wanted)) throw fail("Value of numeric must be an array.");
  if (wanted.length === 0) throw fail("Invalid member in numeric match: ]");
  if (wanted.length !== 2 && wanted.length !== 4) throw fail("Too many elements in numeric expression");
  const tests: { operator: string; limit: number }[] = [];
  for (let index = 0; index < wanted.length; index += 2) {
    const [operator, limit] = [wanted[index] as unknown, wanted[index + 1] as unknown];
    if (typeof operator !== "string" || !COMPARE[operator])
      throw fail(`Unrecognized numeric range operator: ${String(operator)}`);
    if (typeof limit !== "number")
      throw fail(`Value of ${operator === "=" ? "equals" : operator} must be numeric`);
    if (Math.abs(limit) > LIMIT)
      throw fail(
        `Value must be between -5.0E9 and 5.0E9, inclusive, with at most 6 digits after the decimal point`,
      );
    tests.push({ operator, limit });
  }
  if (tests.length === 2) {
    const [low, high] = tests as [{ operator: string; limit: number }, { operator: string; limit: number }];
    if (!low.operator.startsWith(">") || !high.operator.startsWith("<"))
      throw fail(`Bad numeric range operator: ${high.operator}`);
    if (low.limit >= high.limit) throw fail("Bottom must be less than top");
  }
  return (found) =>
    typeof found === "number" && tests.every(({ operator, limit }) => COMPARE[operator]!(found, limit));
}
