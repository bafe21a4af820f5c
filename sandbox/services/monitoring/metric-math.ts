import { ServiceException } from "../../service.ts";

/** Values by period start, oldest first. */
export type Series = { at: number; value: number }[];

type Value = Series | number;

/** Periods of a request: FILL needs to know which are missing. */
interface Range {
  from: number;
  to: number;
  period: number;
}

/**
 * Metric math: arithmetic, comparisons, IF, FILL and the common aggregates over series
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). Anything else is refused.
 */
export function expressionValue(text: string, series: (id: string) => Series, range: Range): Series {
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|[<>=!]=|[-+*/^()<>,]|\S/g) ?? [];
  let at = 0;
  const fail = (why: string) => new ServiceException("ValidationError", `Error in expression '${text}': ${why}`);
  const take = (token: string) => {
    if (tokens[at] !== token) throw fail(`${token} expected`);
    at += 1;
  };
  const levels: Record<string, (left: number, right: number) => number>[] = [
    { OR: (l, r) => Number(l !== 0 || r !== 0), AND: (l, r) => Number(l !== 0 && r !== 0) },
    { "<": (l, r) => Number(l < r), "<=": (l, r) => Number(l <= r), ">": (l, r) => Number(l > r), ">=": (l, r) => Number(l >= r), "==": (l, r) => Number(l === r), "!=": (l, r) => Number(l !== r) },
    { "+": (l, r) => l + r, "-": (l, r) => l - r },
    { "*": (l, r) => l * r, "/": (l, r) => l / r },
    { "^": (l, r) => l ** r },
  ];
  const binary = (level: number): Value => {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    while (tokens[at] !== undefined && operators[tokens[at]!]) {
      const operate = operators[tokens[at]!]!;
      at += 1;
      left = combine(left, binary(level + 1), operate);
    }
    return left;
  };
  const unary = (): Value => {
    if (tokens[at] === "-") {
      at += 1;
      return combine(0, unary(), (l, r) => l - r);
    }
    return primary();
  };
  const primary = (): Value => {
    const token = tokens[at++];
    if (token === undefined) throw fail("it ends too early");
    if (token === "(") {
      const inner = binary(0);
      take(")");
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (!/^\w+$/.test(token)) throw fail(`"${token}" is not understood`);
    if (tokens[at] !== "(") return series(token);
    at += 1;
    const given: Value[] = [];
    while (tokens[at] !== ")") {
      given.push(binary(0));
      if (tokens[at] === ",") at += 1;
      else if (tokens[at] !== ")") throw fail(") expected");
    }
    take(")");
    return callFunction(token.toUpperCase(), given, range, fail);
  };
  const value = binary(0);
  if (at !== tokens.length) throw fail(`"${tokens[at]}" is not understood`);
  return typeof value === "number" ? periods(range).map((start) => ({ at: start, value })) : value.filter((each) => Number.isFinite(each.value));
}

function combine(left: Value, right: Value, operate: (left: number, right: number) => number): Value {
  if (typeof left === "number" && typeof right === "number") return operate(left, right);
  if (typeof left === "number") return (right as Series).map(({ at, value }) => ({ at, value: operate(left, value) }));
  if (typeof right === "number") return left.map(({ at, value }) => ({ at, value: operate(value, right) }));
  const others = new Map(right.map(({ at, value }) => [at, value]));
  return left.flatMap(({ at, value }) => (others.has(at) ? [{ at, value: operate(value, others.get(at)!) }] : []));
}

function callFunction(name: string, given: Value[], range: Range, fail: (why: string) => ServiceException): Value {
  const [first = 0, second = 0, third = 0] = given;
  const list = typeof first === "number" ? [] : first;
  const values = list.map(({ value }) => value);
  switch (name) {
    case "IF": {
      if (typeof first === "number") return first !== 0 ? second : third;
      const pick = (from: Value, at: number) => (typeof from === "number" ? from : from.find((each) => each.at === at)?.value);
      return first.flatMap(({ at, value }) => {
        const picked = pick(value !== 0 ? second : third, at);
        return picked === undefined ? [] : [{ at, value: picked }];
      });
    }
    case "FILL": {
      const known = new Map(list.map(({ at, value }) => [at, value]));
      return periods(range).map((at) => ({ at, value: known.get(at) ?? Number(second) }));
    }
    case "SUM":
      return values.reduce((total, value) => total + value, 0);
    case "AVG":
      return values.length === 0 ? Number.NaN : values.reduce((total, value) => total + value, 0) / values.length;
    case "MIN":
      return Math.min(...values);
    case "MAX":
      return Math.max(...values);
    case "ABS":
      return combine(first, 0, (value) => Math.abs(value));
    case "CEIL":
      return combine(first, 0, (value) => Math.ceil(value));
    case "FLOOR":
      return combine(first, 0, (value) => Math.floor(value));
    case "PERIOD":
      return range.period;
    case "RATE":
      return list.slice(1).map(({ at, value }, index) => ({ at, value: (value - list[index]!.value) / ((at - list[index]!.at) / 1000) }));
    default:
      throw fail(`the sandbox has no function ${name}`);
  }
}

function periods({ from, to, period }: Range): number[] {
  const width = period * 1000;
  const starts: number[] = [];
  for (let at = Math.ceil(from / width) * width; at < to; at += width) starts.push(at);
  return starts;
}
