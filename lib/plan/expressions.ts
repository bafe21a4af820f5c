import jsonata from "jsonata";
import { JSONATA_FUNCTIONS } from "./functions.ts";
import { nearest } from "./nearest.ts";

const WHOLE = /^\{%(.*)%\}$/s;

/** An expression inside a plan's value. */
export interface Expression {
  /** Path inside `with:`. */
  path: (string | number)[];
  source: string;
}

/** The source inside `{% … %}`; undefined for a plain value. */
export function expressionIn(value: unknown): string | undefined {
  return typeof value === "string" ? WHOLE.exec(value)?.[1]?.trim() : undefined;
}

/** All expressions in a value, with where they stand. */
export function expressionsIn(value: unknown, path: (string | number)[] = []): Expression[] {
  const source = expressionIn(value);
  if (source !== undefined) return [{ path, source }];
  if (Array.isArray(value)) return value.flatMap((each, index) => expressionsIn(each, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => expressionsIn(each, [...path, key]));
}

/** Places of strings that hold `{%` without being an expression from end to end; Step Functions would send them as text. */
export function partialExpressionsIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === "string") return value.includes("{%") && !WHOLE.test(value) ? [path] : [];
  if (Array.isArray(value))
    return value.flatMap((each, index) => partialExpressionsIn(each, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => partialExpressionsIn(each, [...path, key]));
}

interface Node {
  type?: string;
  value?: unknown;
  steps?: Node[];
  [key: string]: unknown;
}

/** A variable with the names that follow it: `$steps.restore.endpoint.address` → ["steps", "restore", "endpoint", "address"]. */
export type Reference = string[];

/**
 * The variables an expression refers to. Throws a SyntaxError in plain words when JSONata cannot read it.
 * JSONata is pinned to the version that Step Functions runs (2.0.6).
 */
export function referencesOf(source: string): Reference[] {
  let tree: Node;
  try {
    tree = jsonata(source).ast() as unknown as Node;
  } catch (error) {
    const { message, position } = error as { message: string; position?: number };
    throw new SyntaxError(`${message}${position === undefined ? "" : ` (character ${position})`}`);
  }
  const found: Reference[] = [];
  collect(tree, new Set(), found);
  return found;
}

function collect(node: unknown, bound: Set<string>, found: Reference[]): void {
  if (Array.isArray(node)) {
    for (const each of node) collect(each, bound, found);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const given = node as Node;
  if (given.type === "path" && given.steps?.[0]?.type === "variable") {
    const [first, ...rest] = given.steps;
    const names: string[] = [];
    for (const step of rest) {
      if (step.type !== "name") break;
      names.push(String(step.value));
    }
    const variable = String(first!.value);
    if (variable !== "" && variable !== "$" && !bound.has(variable)) found.push([variable, ...names]);
    for (const step of given.steps) collect(step["stages"] ?? step["predicate"], bound, found);
    for (const step of rest) if (step.type !== "name") collect(step, bound, found);
    return;
  }
  if (given.type === "variable") {
    const name = String(given.value);
    if (name !== "" && name !== "$" && !bound.has(name)) found.push([name]);
    return;
  }
  const inner = new Set(bound);
  if (given.type === "lambda")
    for (const argument of (given["arguments"] as Node[]) ?? []) inner.add(String(argument.value));
  if (given.type === "block")
    for (const expression of (given["expressions"] as Node[]) ?? [])
      if (expression.type === "bind") inner.add(String((expression["lhs"] as Node)?.value));
  for (const [key, value] of Object.entries(given)) {
    // The called function's own name is no reference; its arguments are.
    if (key === "procedure" && (value as Node)?.type === "variable") continue;
    if (given.type === "lambda" && key === "arguments") continue;
    if (given.type === "bind" && key === "lhs") continue;
    collect(value, inner, found);
  }
}

/** A function an expression calls that Step Functions does not have. */
export interface UnknownFunction {
  name: string;
  near?: string;
  why?: string;
}

/** Functions called by a name that neither JSONata 2.0.6 nor Step Functions nor the expression itself defines. */
export function unknownFunctionsOf(source: string): UnknownFunction[] {
  const called = new Set<string>();
  const defined = new Set<string>();
  visit(jsonata(source).ast(), (node) => {
    const procedure = node["procedure"] as Node | undefined;
    if (procedure?.type === "variable") called.add(String(procedure.value));
    // `[items] ~> $map(…)` and functions passed on are variables, which the references look at.
    if (node.type === "bind") defined.add(String((node["lhs"] as Node | undefined)?.value));
    if (node.type === "lambda")
      for (const argument of (node["arguments"] as Node[]) ?? []) defined.add(String(argument.value));
  });
  return [...called]
    .filter((name) => !JSONATA_FUNCTIONS.has(name) && !defined.has(name))
    .map((name) => {
      if (name === "eval") return { name, why: "$eval is not allowed in Step Functions", near: "parse" };
      const near = nearest(name, JSONATA_FUNCTIONS);
      return near ? { name, near } : { name };
    });
}

/** Names and `$` at the top of an expression, where Step Functions has no context for them. */
export function strayNamesOf(source: string): string[] {
  const found: string[] = [];
  const look = (node: Node | undefined): void => {
    if (!node) return;
    if (node.type === "path") {
      const first = node.steps?.[0];
      if (first?.type === "name" || (first?.type === "variable" && first.value === ""))
        found.push(String(first.value));
      else look(first);
      return;
    }
    if (node.type === "variable" && (node.value === "" || node.value === "$")) found.push("");
    if (node.type === "lambda") return;
    for (const key of ["lhs", "rhs", "condition", "then", "else", "expression", "expressions", "arguments"]) {
      const inner = node[key];
      for (const each of [inner].flat(3))
        if (isNode(each) && !(node.type === "bind" && key === "lhs")) look(each);
    }
  };
  look(jsonata(source).ast() as unknown as Node);
  return found;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const each of node) visit(each, see);
  else if (isNode(node)) {
    see(node);
    for (const each of Object.values(node)) visit(each, see);
  }
}
