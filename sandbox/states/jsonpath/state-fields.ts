import { StateFailure } from "../failure.ts";
import { callIntrinsic, isIntrinsic } from "./intrinsics.ts";
import { find, parsePath } from "./path.ts";
import type { StateVisit } from "./state-visit.ts";

/** The value at a path: of the state's data (`$`), the context object (`$$`) or a variable (`$name`). */
export function read(visit: StateVisit, path: string, data: unknown, field: string): unknown {
  const { root, parts, single } = parsePath(path);
  let from = data;
  if (root === "$$") from = visit.context;
  else if (root !== "$") {
    const variables = visit.frame.scope.all();
    const name = root.slice(1);
    if (!(name in variables)) throw notFound(visit, path, field, data);
    from = variables[name];
  }
  const found = find(parts, from);
  if (!single) return found;
  if (found.length === 0) throw notFound(visit, path, field, from);
  return found[0];
}

function notFound(visit: StateVisit, path: string, field: string, data: unknown): StateFailure {
  const prefix = `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredAt}).`;
  if (field === "Parameters" || field === "ResultSelector" || field === "Assign")
    return new StateFailure(
      "States.Runtime",
      `${prefix} The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(data)}'`,
    );
  return new StateFailure(
    "States.Runtime",
    `${prefix} Invalid path '${path}' : No results for path: ${bracketed(path)}`,
  );
}

const bracketed = (path: string) => path.replace(/\.([\w-]+)/g, "['$1']");

/** Fills a payload template: keys ending in `.$` hold paths or intrinsic functions. */
export function fillTemplate(visit: StateVisit, template: unknown, data: unknown, field: string): unknown {
  if (Array.isArray(template)) return template.map((each) => fillTemplate(visit, each, data, field));
  if (typeof template !== "object" || template === null) return template;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(template)) {
    if (!key.endsWith(".$")) {
      result[key] = fillTemplate(visit, value, data, field);
      continue;
    }
    const source = String(value);
    const resolve = (path: string) => {
      try {
        return read(visit, path, data, field);
      } catch (error) {
        if (!(error instanceof StateFailure) || field !== "Parameters") throw error;
        throw new StateFailure(
          "States.ParameterPathFailure",
          error.causeText?.replace(`'${field}'`, `'${key}'`),
        );
      }
    };
    result[key.slice(0, -2)] = isIntrinsic(source) ? callIntrinsic(source, resolve) : resolve(source);
  }
  return result;
}

/** The input that InputPath leaves, and for Pass the Parameters. */
export function inputOf(visit: StateVisit): unknown {
  const { InputPath, Type } = visit.state;
  const data =
    InputPath === null
      ? {}
      : InputPath === undefined
        ? visit.input
        : read(visit, InputPath, visit.input, "InputPath");
  return Type === "Pass" ? parameters(visit, data) : data;
}

/** What Parameters make of the input. */
export function parameters(visit: StateVisit, data: unknown): unknown {
  return visit.state.Parameters === undefined
    ? data
    : fillTemplate(visit, visit.state.Parameters, data, "Parameters");
}

/** ResultSelector, ResultPath and OutputPath, in this order. */
export function outputOf(visit: StateVisit, result: unknown, hasResult: boolean): unknown {
  const { ResultSelector, ResultPath, OutputPath } = visit.state;
  let output = result;
  if (hasResult) {
    const selected =
      ResultSelector === undefined ? result : fillTemplate(visit, ResultSelector, result, "ResultSelector");
    output = atResultPath(visit.input, selected, ResultPath);
  }
  if (OutputPath === null) return {};
  return OutputPath === undefined ? output : read(visit, OutputPath, output, "OutputPath");
}

/** Puts a result into the input: null keeps the input, `$` replaces it, a path sets one place. */
export function atResultPath(input: unknown, result: unknown, path: string | null | undefined): unknown {
  if (path === null) return input;
  if (path === undefined || path === "$") return result;
  const { parts } = parsePath(path);
  const copy = structuredClone(typeof input === "object" && input !== null ? input : {}) as Record<
    string,
    unknown
  >;
  let node = copy;
  for (const [index, part] of parts.entries()) {
    if (part.kind !== "name")
      throw new StateFailure(
        "States.ResultPathMatchFailure",
        `Unable to apply ReferencePath ${path} to input ${JSON.stringify(input)}`,
      );
    if (index === parts.length - 1) node[part.name] = result;
    else {
      if (typeof node[part.name] !== "object" || node[part.name] === null) node[part.name] = {};
      node = node[part.name] as Record<string, unknown>;
    }
  }
  return copy;
}

/** Variables as Assign sets them in JSONPath states. */
export function assign(
  visit: StateVisit,
  fields: Record<string, unknown>,
  data: unknown,
): Record<string, unknown> {
  return fillTemplate(visit, fields, data, "Assign") as Record<string, unknown>;
}

/** The number at a path; a text that spells one will do. */
export function numberAt(visit: StateVisit, path: string, field: string): number {
  const value = read(visit, path, visit.pathInput, field);
  if (typeof value === "number") return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new StateFailure(
    "States.Runtime",
    `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredAt}). ` +
      `The ${field} field refers to value "${text}" which is not a valid integer: ${path}`,
  );
}

export function textAt(visit: StateVisit, path: string, field: string): string {
  const value = isIntrinsic(path)
    ? callIntrinsic(path, (each) => read(visit, each, visit.pathInput, field))
    : read(visit, path, visit.pathInput, field);
  if (typeof value !== "string")
    throw new StateFailure(
      "States.Runtime",
      `The path '${path}' of the field '${field}' must lead to a string, not ${JSON.stringify(value)}`,
    );
  return value;
}

/** Items of a Map state. */
export function itemsOf(visit: StateVisit): unknown[] {
  const { ItemsPath } = visit.state;
  const data = visit.pathInput;
  const items = ItemsPath === undefined ? data : read(visit, ItemsPath, data, "ItemsPath");
  if (!Array.isArray(items))
    throw new StateFailure("States.Runtime", `Reference path "${ItemsPath ?? "$"}" must point to array.`);
  return items;
}

/** An iteration's input from ItemSelector or Parameters; `$$.Map.Item` is the item. */
export function selectItem(
  visit: StateVisit,
  selector: unknown,
  item: { Index: number; Value: unknown },
): unknown {
  const before = visit.frame.map;
  visit.frame.map = { Item: item };
  try {
    return fillTemplate(visit, selector, visit.pathInput, "ItemSelector");
  } finally {
    if (before) visit.frame.map = before;
    else delete visit.frame.map;
  }
}
