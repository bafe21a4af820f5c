import { same } from "../objects.ts";
import { failure } from "../status.ts";

interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}
type Holder = Record<string, unknown> | unknown[];

/** JSON Patch, RFC 6902: all of it or nothing. Pure. */
export function jsonPatch(target: unknown, operations: Operation[]): unknown {
  const root = { "": structuredClone(target) } as Record<string, unknown>;
  for (const { op, path, from, value } of operations) {
    if (op === "test") {
      if (!same(read(root, path), value))
        throw failure("Invalid", `the server rejected our request: testing path ${path} failed`);
    } else if (op === "add") put(root, path, structuredClone(value), true);
    else if (op === "replace") put(root, path, structuredClone(value), false);
    else if (op === "remove") take(root, path);
    else if (op === "move") put(root, path, take(root, from ?? ""), true);
    else if (op === "copy") put(root, path, structuredClone(read(root, from ?? "")), true);
    else throw failure("BadRequest", `unexpected JSON patch operation: ${op}`);
  }
  return root[""];
}

const steps = (path: string) =>
  path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** What holds the last step of a path, and that step. */
function holder(root: Record<string, unknown>, path: string): { within: Holder; step: string } {
  const all = ["", ...steps(path)];
  let within: unknown = root;
  for (const step of all.slice(0, -1)) {
    within = (within as Record<string, unknown>)[step];
    if (typeof within !== "object" || within === null) throw missing(path);
  }
  return { within: within as Holder, step: all.at(-1)! };
}

const missing = (path: string) =>
  failure("Invalid", `the server rejected our request: ${path} does not exist`);

function read(root: Record<string, unknown>, path: string): unknown {
  const { within, step } = holder(root, path);
  return (within as Record<string, unknown>)[step];
}

function put(root: Record<string, unknown>, path: string, value: unknown, insert: boolean): void {
  const { within, step } = holder(root, path);
  if (!insert && !(step in within)) throw missing(path);
  if (!Array.isArray(within)) within[step] = value;
  else if (step === "-") within.push(value);
  else if (Number(step) > within.length) throw missing(path);
  else within.splice(Number(step), insert ? 0 : 1, value);
}

function take(root: Record<string, unknown>, path: string): unknown {
  const { within, step } = holder(root, path);
  if (!(step in within)) throw missing(path);
  if (Array.isArray(within)) return within.splice(Number(step), 1)[0];
  const value = within[step];
  delete within[step];
  return value;
}
