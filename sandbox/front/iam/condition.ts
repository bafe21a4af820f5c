import { filledIn, pattern, type RequestContext } from "./pattern.ts";

/** undefined where a variable has no value. */
type Test = (given: string, context: RequestContext) => boolean | undefined;
/** Compiles one wanted value. */
type Comparison = (wanted: string) => Test;

/** Compares after the variables of the wanted value are filled in. */
const compare =
  (holds: (given: string, wanted: string) => boolean): Comparison =>
  (wanted) =>
  (given, context) => {
    const filled = filledIn(wanted, context);
    return filled === undefined ? undefined : holds(given, filled);
  };
const numeric = (holds: (given: number, wanted: number) => boolean) =>
  compare((given, wanted) => holds(Number(given), Number(wanted)));
/** Dates are ISO 8601 or epoch seconds. */
const moment = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const date = (holds: (given: number, wanted: number) => boolean) =>
  compare((given, wanted) => holds(moment(given), moment(wanted)));
const sameText = compare((given, wanted) => given === wanted);
const sameIgnoringCase = compare((given, wanted) => given.toLowerCase() === wanted.toLowerCase());
const like: Comparison = (wanted) => pattern(wanted);

const OPERATORS: Record<string, { compare: Comparison; negated?: boolean }> = {
  StringEquals: { compare: sameText },
  StringNotEquals: { compare: sameText, negated: true },
  StringEqualsIgnoreCase: { compare: sameIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: sameIgnoringCase, negated: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: arn },
  ArnLike: { compare: arn },
  ArnNotEquals: { compare: arn, negated: true },
  ArnNotLike: { compare: arn, negated: true },
  NumericEquals: { compare: numeric((given, wanted) => given === wanted) },
  NumericNotEquals: { compare: numeric((given, wanted) => given === wanted), negated: true },
  NumericLessThan: { compare: numeric((given, wanted) => given < wanted) },
  NumericLessThanEquals: { compare: numeric((given, wanted) => given <= wanted) },
  NumericGreaterThan: { compare: numeric((given, wanted) => given > wanted) },
  NumericGreaterThanEquals: { compare: numeric((given, wanted) => given >= wanted) },
  DateEquals: { compare: date((given, wanted) => given === wanted) },
  DateNotEquals: { compare: date((given, wanted) => given === wanted), negated: true },
  DateLessThan: { compare: date((given, wanted) => given < wanted) },
  DateLessThanEquals: { compare: date((given, wanted) => given <= wanted) },
  DateGreaterThan: { compare: date((given, wanted) => given > wanted) },
  DateGreaterThanEquals: { compare: date((given, wanted) => given >= wanted) },
  Bool: { compare: sameIgnoringCase },
  BinaryEquals: { compare: sameText },
  IpAddress: { compare: compare(inRange) },
  NotIpAddress: { compare: compare(inRange), negated: true },
};

/** ARNs compare part by part: a `*` does not reach over a colon of the first five. */
function arn(wanted: string): Test {
  const parts = wanted.split(":");
  if (parts.length < 6) return pattern(wanted);
  const tests = [...parts.slice(0, 5), parts.slice(5).join(":")].map((part) => pattern(part));
  return (given, context) => {
    const found = given.split(":");
    if (found.length < 6) return false;
    return tests.every((test, index) => test(index < 5 ? found[index]! : found.slice(5).join(":"), context));
  };
}

function inRange(given: string, range: string): boolean {
  const number = (ip: string) => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const [base = "", bits = "32"] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(given) / size) === Math.floor(number(base) / size);
}

/**
 * One line of a Condition block, compiled. A missing key: false for positive operators, true for negated ones, for
 * `…IfExists` and for `ForAllValues:`. Throws for an operator that IAM does not have: never a pass.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function condition(
  operator: string,
  key: string,
  wanted: string[],
): (context: RequestContext) => boolean {
  const [, set, name = "", ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const lower = key.toLowerCase();
  if (name === "Null")
    return (context) => wanted.some((each) => (context.has(lower) ? "false" : "true") === each.toLowerCase());
  const found = OPERATORS[name];
  if (!found) throw new Error(`IAM has no condition operator ${operator}`);
  const tests = wanted.map((each) => found.compare(each));
  const negated = found.negated ?? false;
  return (context) => {
    const given = context.get(lower);
    if (given === undefined || given.length === 0)
      return Boolean(ifExists) || set === "ForAllValues" || (negated && set !== "ForAnyValue");
    const one = (value: string) => {
      const results = tests.map((test) => test(value, context));
      if (results.includes(true)) return !negated;
      // A variable without a value satisfies no operator, not even a negated one.
      return negated && !results.includes(undefined);
    };
    return set === "ForAnyValue"
      ? given.some(one)
      : set === "ForAllValues"
        ? given.every(one)
        : one(given[0]!);
  };
}
