import { validationError } from "./state.ts";

/** Whether a composite alarm's rule holds, given the states of others. */
export type AlarmRule = (stateOf: (alarm: string) => string | undefined) => boolean;

/** A rule and the names or ARNs in it. */
export interface ParsedRule {
  holds: AlarmRule;
  alarms: string[];
}

const LONGEST = 10_240;
const parsed = new Map<string, ParsedRule>();

/**
 * A composite alarm's rule: ALARM(x), OK(x), INSUFFICIENT_DATA(x), TRUE, FALSE, AND, OR, NOT, parentheses; NOT binds
 * strongest, then AND.
 */
export function parseRule(text: string): ParsedRule {
  const known = parsed.get(text);
  if (known) return known;
  if (text.trim() === "" || text.length > LONGEST)
    throw validationError(`AlarmRule must have between 1 and ${LONGEST} characters`);
  const rule = parse(text);
  if (parsed.size > 500) parsed.clear();
  parsed.set(text, rule);
  return rule;
}

function parse(text: string): ParsedRule {
  const tokens = text.match(/"[^"]*"|'[^']*'|[()]|[^\s()"']+/g) ?? [];
  const alarms: string[] = [];
  let at = 0;
  const fail = () =>
    validationError(`AlarmRule: unexpected ${tokens[at] ?? "end"} at element ${at + 1} of ${text}`);
  const word = () => tokens[at]?.toUpperCase();
  const take = (token: string) => {
    if (tokens[at] !== token) throw fail();
    at += 1;
  };
  const or = (): AlarmRule => {
    let left = and();
    while (word() === "OR") {
      at += 1;
      const [first, second] = [left, and()];
      left = (state) => first(state) || second(state);
    }
    return left;
  };
  const and = (): AlarmRule => {
    let left = not();
    while (word() === "AND") {
      at += 1;
      const [first, second] = [left, not()];
      left = (state) => first(state) && second(state);
    }
    return left;
  };
  const not = (): AlarmRule => {
    if (word() !== "NOT") return primary();
    at += 1;
    const inner = not();
    return (state) => !inner(state);
  };
  const primary = (): AlarmRule => {
    const function_ = word();
    if (function_ === "(") {
      at += 1;
      const inner = or();
      take(")");
      return inner;
    }
    if (function_ === "TRUE" || function_ === "FALSE") {
      at += 1;
      return () => function_ === "TRUE";
    }
    if (function_ !== "ALARM" && function_ !== "OK" && function_ !== "INSUFFICIENT_DATA") throw fail();
    at += 1;
    take("(");
    const name = alarmName();
    take(")");
    alarms.push(name);
    return (state) => state(name) === function_;
  };
  /** Quoted, or as it stands up to the parenthesis: names may hold spaces. */
  const alarmName = (): string => {
    const words: string[] = [];
    while (tokens[at] !== undefined && tokens[at] !== ")" && tokens[at] !== "(") words.push(tokens[at++]!);
    if (words.length === 0) throw fail();
    return words.join(" ").replace(/^(["'])(.*)\1$/, "$2");
  };
  const holds = or();
  if (at !== tokens.length) throw fail();
  return { holds, alarms };
}
