import jsonata from "jsonata";

const WHOLE = /^\{%([^]*)%\}$/;

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
    if (!bound.has(String(first!.value))) found.push([String(first!.value), ...names]);
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
  if (given.type === "lambda") for (const argument of (given["arguments"] as Node[]) ?? []) inner.add(String(argument.value));
  if (given.type === "block")
    for (const expression of (given["expressions"] as Node[]) ?? []) if (expression.type === "bind") inner.add(String((expression["lhs"] as Node)?.value));
  for (const [key, value] of Object.entries(given)) {
    // The called function's own name is no reference; its arguments are.
    if (key === "procedure" && (value as Node)?.type === "variable") continue;
    if (given.type === "lambda" && key === "arguments") continue;
    if (given.type === "bind" && key === "lhs") continue;
    collect(value, inner, found);
  }
}
