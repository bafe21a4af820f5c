import { type Argument, FUNCTIONS, type Scope } from "./functions.ts";
import type { Expression } from "./parse.ts";
import { combine, type Value } from "./value.ts";

const OPERATORS: Record<string, (left: number, right: number) => number> = {
  "||": (left, right) => Number(left !== 0 || right !== 0),
  "&&": (left, right) => Number(left !== 0 && right !== 0),
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};

const WORDS = new Set(["REPEAT", "LINEAR", "ASC", "DESC", "AVG", "MIN", "MAX", "SUM"]);

/** Computes an expression; `valueFor` gives the query of an id, or nothing when there is none. */
export function evaluateExpression(
  expression: Expression,
  valueFor: (id: string) => Value | undefined,
  scope: Scope,
): Value {
  const evaluate = (given: Expression): Value => {
    switch (given.kind) {
      case "number":
        return given.value;
      case "negative":
        return combine(0, evaluate(given.of), (zero, value) => zero - value);
      case "binary":
        return combine(evaluate(given.left), evaluate(given.right), OPERATORS[given.operator]!);
      case "list":
        return given.items.map(evaluate).flatMap((item) => {
          if (typeof item === "number") throw scope.fail("a list holds metrics");
          return item;
        });
      case "name": {
        const found = valueFor(given.name);
        if (found === undefined) throw scope.fail(`${given.name} is not the id of a query`);
        return found;
      }
      case "text":
        throw scope.fail(`"${given.value}" is no metric`);
      case "call": {
        const call = FUNCTIONS[given.name];
        if (!call) throw scope.fail(`the sandbox has no function ${given.name}`);
        return call(given.given.map(argument), scope);
      }
    }
  };
  const argument = (given: Expression): Argument => {
    if (given.kind === "text") return { word: given.value };
    if (given.kind === "name" && WORDS.has(given.name.toUpperCase()) && valueFor(given.name) === undefined)
      return { word: given.name };
    return evaluate(given);
  };
  return evaluate(expression);
}
