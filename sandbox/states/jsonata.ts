import { createHash, randomUUID } from "node:crypto";
import jsonata from "jsonata";
import { StateFailure } from "./failure.ts";

/** Where an expression stands, for the words of an error. */
export interface Place {
  state: string;
  /** Id of the state's Entered event. */
  enteredAt: number;
  /** e.g. `Output/result`; empty where no field is to blame but the input. */
  field: string;
}

/** An evaluation error also becomes an `EvaluationFailed` event that names the field. */
export class EvaluationFailure extends StateFailure {
  readonly place: Place;

  constructor(place: Place, what: string) {
    super(
      "States.QueryEvaluationError",
      `An error occurred while executing the state '${place.state}' (entered at the event id #${place.enteredAt}). ${what}`,
    );
    this.name = "EvaluationFailure";
    this.place = place;
  }
}

const compiled = new Map<string, jsonata.Expression>();

/** A JSONata program ready to run; compiled once for each text. Throws jsonata's own error for a bad one. */
export function compile(source: string): jsonata.Expression {
  let program = compiled.get(source);
  if (!program) {
    program = jsonata(source);
    for (const [name, call] of Object.entries(FUNCTIONS))
      program.registerFunction(name, call as (...given: unknown[]) => unknown);
    if (compiled.size > 5_000) compiled.clear();
    compiled.set(source, program);
  }
  return program;
}

/** What Step Functions adds to JSONata (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html). */
const FUNCTIONS: Record<string, (...given: never[]) => unknown> = {
  partition: (items: unknown[], size: number) => {
    if (!(Math.trunc(size) > 0)) throw { code: "D3001", message: "$partition needs a size above zero" };
    const parts: unknown[][] = [];
    for (let at = 0; at < items.length; at += Math.trunc(size))
      parts.push(items.slice(at, at + Math.trunc(size)));
    return parts;
  },
  // A range of one number is that number, as with every sequence of JSONata.
  range: (first: number, last: number, step: number) => {
    if (step === 0 || !Number.isFinite(step))
      throw { code: "D3001", message: "$range needs a step other than zero" };
    const items: number[] = [];
    for (let value = first; step > 0 ? value <= last : value >= last; value += step) items.push(value);
    return items.length === 1 ? items[0] : items;
  },
  hash: (content: string, algorithm = "SHA-256") => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    return createHash(algorithm.replace("-", "").toLowerCase()).update(text).digest("hex");
  },
  // A seed gives the same number every time, as on AWS; the generator itself is not AWS's.
  random: (seed?: number) => (seed === undefined ? Math.random() : mulberry(seed)),
  uuid: () => randomUUID(),
  parse: (text: string) => JSON.parse(text),
  eval: () => {
    throw { code: "D3001", message: "$eval is not available in Step Functions; use $parse" };
  },
};

function mulberry(seed: number): number {
  let value = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  value = Math.imul(value ^ (value >>> 15), value | 1);
  value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
  return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

/** The program inside `{% … %}`, trimmed; undefined for any other string. */
export function expressionIn(text: string): string | undefined {
  return EXPRESSION.exec(text)?.[1]?.trim();
}

/** Evaluates one program. Never returns undefined: that is an error on AWS. */
export async function evaluate(
  source: string,
  bindings: Record<string, unknown>,
  place: Place,
): Promise<unknown> {
  let value: unknown;
  try {
    value = await compile(source).evaluate(undefined, bindings);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const text = code ? `${code}: ${message}` : String(message);
    throw new EvaluationFailure(
      place,
      `The JSONata expression '${source}' specified for the field '${place.field}' threw an error during evaluation. ${text}`,
    );
  }
  if (value === undefined)
    throw new EvaluationFailure(
      place,
      `The JSONata expression '${source}' specified for the field '${place.field}' returned nothing (undefined).`,
    );
  if (holdsFunction(value))
    throw new EvaluationFailure(
      place,
      `The JSONata expression '${source}' specified for the field '${place.field}' returned an unsupported result type.`,
    );
  return plain(value);
}

function holdsFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  const given = value as Record<string, unknown>;
  if (given["_jsonata_lambda"] || given["_jsonata_function"] || value instanceof RegExp) return true;
  return Object.values(given).some(holdsFunction);
}

/** JSONata marks its arrays (`sequence`, `outerWrapper`, …); the marks must not travel on. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, plain);
  if (typeof value === "object" && value !== null) {
    const result: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value)) if (each !== undefined) result[key] = plain(each);
    return result;
  }
  return value;
}

/** Whether a template holds any expression at all; one without is passed on as it is. */
const dynamic = new WeakMap<object, boolean>();

function isDynamic(template: unknown): boolean {
  if (typeof template === "string") return EXPRESSION.test(template);
  if (typeof template !== "object" || template === null) return false;
  let found = dynamic.get(template);
  if (found === undefined) {
    found = Object.values(template).some(isDynamic);
    dynamic.set(template, found);
  }
  return found;
}

/** A JSON template with expressions anywhere → its value. `place.field` grows with the path of a failing expression. */
export async function fill(
  template: unknown,
  bindings: Record<string, unknown>,
  place: Place,
): Promise<unknown> {
  if (typeof template === "string") {
    const source = expressionIn(template);
    return source === undefined ? template : evaluate(source, bindings, place);
  }
  if (!isDynamic(template)) return template;
  if (Array.isArray(template)) {
    const result: unknown[] = [];
    for (const [index, each] of template.entries())
      result.push(await fill(each, bindings, { ...place, field: `${place.field}[${index}]` }));
    return result;
  }
  const result: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(template as object))
    result[key] = await fill(each, bindings, { ...place, field: `${place.field}/${key}` });
  return result;
}

/** The JSON type of a value, in the words of AWS's messages. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Evaluates a field that must have one type: a number, a boolean, an array. */
export async function fillTyped(
  template: unknown,
  expected: "number" | "boolean" | "array" | "string" | "object",
  bindings: Record<string, unknown>,
  place: Place,
): Promise<unknown> {
  const value = await fill(template, bindings, place);
  if (typeName(value) !== expected) {
    const source =
      typeof template === "string" ? (expressionIn(template) ?? template) : JSON.stringify(template);
    throw new EvaluationFailure(
      place,
      `The JSONata expression '${source}' specified for the field '${place.field}' returned an unexpected result type. ` +
        `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    );
  }
  return value;
}
