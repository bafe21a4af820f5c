import { ServiceException } from "../../service.ts";

/** Whether a composite alarm's rule holds, given the states of others. */
export type AlarmRule = (stateOf: (alarm: string) => string | undefined) => boolean;

/** A composite alarm's rule: ALARM(x), OK(x), INSUFFICIENT_DATA(x), TRUE, FALSE, AND, OR, NOT, parentheses. */
export function parseRule(text: string): { holds: AlarmRule; alarms: string[] } {
  const tokens = text.match(/"[^"]*"|'[^']*'|[()]|[^\s()"']+/g) ?? [];
  const alarms: string[] = [];
  let at = 0;
  const fail = () => new ServiceException("ValidationError", `AlarmRule: Invalid syntax at token ${tokens[at] ?? "end"}`);
  const or = (): AlarmRule => {
    let left = and();
    while (tokens[at]?.toUpperCase() === "OR") {
      at += 1;
      const [first, second] = [left, and()];
      left = (state) => first(state) || second(state);
    }
    return left;
  };
  const and = (): AlarmRule => {
    let left = not();
    while (tokens[at]?.toUpperCase() === "AND") {
      at += 1;
      const [first, second] = [left, not()];
      left = (state) => first(state) && second(state);
    }
    return left;
  };
  const not = (): AlarmRule => {
    if (tokens[at]?.toUpperCase() !== "NOT") return primary();
    at += 1;
    const inner = not();
    return (state) => !inner(state);
  };
  const primary = (): AlarmRule => {
    const token = tokens[at++];
    if (token === "(") {
      const inner = or();
      if (tokens[at++] !== ")") throw fail();
      return inner;
    }
    const word = token?.toUpperCase();
    if (word === "TRUE" || word === "FALSE") return () => word === "TRUE";
    if (word !== "ALARM" && word !== "OK" && word !== "INSUFFICIENT_DATA") throw fail();
    if (tokens[at++] !== "(") throw fail();
    const name = tokens[at++]?.replace(/^["']|["']$/g, "");
    if (name === undefined || tokens[at++] !== ")") throw fail();
    alarms.push(name);
    return (state) => state(name) === word;
  };
  const holds = or();
  if (at !== tokens.length) throw fail();
  return { holds, alarms };
}
