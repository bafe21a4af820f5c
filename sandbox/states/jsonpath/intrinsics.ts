import { createHash, randomUUID } from "node:crypto";
import { StateFailure } from "../failure.ts";

/** Intrinsic functions (https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html). */
const FUNCTIONS: Record<string, (...given: never[]) => unknown> = {
  Format: (template: string, ...values: unknown[]) => {
    let next = 0;
    return template.replace(/\{\}/g, () => shown(values[next++]));
  },
  StringToJson: (value: string) => (value.trim() === "" ? null : JSON.parse(value)),
  JsonToString: (value: unknown) => JSON.stringify(value),
  Array: (...items: unknown[]) => items,
  ArrayPartition: (items: unknown[], size: number) => {
    const parts: unknown[][] = [];
    for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
    return parts;
  },
  ArrayContains: (items: unknown[], wanted: unknown) =>
    items.some((each) => JSON.stringify(each) === JSON.stringify(wanted)),
  ArrayRange: (first: number, last: number, step: number) => {
    const items: number[] = [];
    for (let value = first; step > 0 ? value <= last : value >= last; value += step) items.push(value);
    return items;
  },
  ArrayGetItem: (items: unknown[], index: number) => items[index],
  ArrayLength: (items: unknown[]) => items.length,
  ArrayUnique: (items: unknown[]) => [...new Map(items.map((each) => [JSON.stringify(each), each])).values()],
  Base64Encode: (value: string) => Buffer.from(value).toString("base64"),
  Base64Decode: (value: string) => Buffer.from(value, "base64").toString(),
  Hash: (value: unknown, algorithm: string) =>
    createHash(algorithm.replace("-", "").toLowerCase()).update(text(value)).digest("hex"),
  JsonMerge: (first: object, second: object) => ({ ...first, ...second }),
  MathRandom: (from: number, to: number) => from + Math.floor(Math.random() * (to - from)),
  // Each rounded first, halves up. `+ 0` makes a zero of a minus zero.
  MathAdd: (first: number, second: number) => Math.round(first) + Math.round(second) + 0,
  StringSplit: (value: string, delimiters: string) =>
    value.split(new RegExp(`[${delimiters.replace(/[\\\]^-]/g, "\\$&")}]`)).filter((part) => part !== ""),
  UUID: () => randomUUID(),
};

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** A value inside States.Format: objects and lists as Java writes them, `{a=1, b=[x, y]}`. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value !== "object" || value === null) return text(value);
  const members = Object.entries(value).map(([name, each]) => `${name}=${shown(each)}`);
  return `{${members.join(", ")}}`;
}

/** Whether a string is a call such as `States.Format('…', $.a)`. */
export const isIntrinsic = (source: string) => /^States\.\w+\(/.test(source);

/** Runs a call; `read` resolves the paths among its arguments. */
export function callIntrinsic(source: string, read: (path: string) => unknown): unknown {
  let at = 0;
  const fail = () =>
    new StateFailure(
      "States.Runtime",
      `The function '${source}' had the following error: it cannot be parsed at character ${at}`,
    );
  const value = (): unknown => {
    const rest = source.slice(at);
    const call = /^\s*States\.(\w+)\(/.exec(rest);
    if (call) {
      at += call[0].length;
      const given: unknown[] = [];
      while (!/^\s*\)/.test(source.slice(at))) {
        given.push(value());
        at += /^\s*,?/.exec(source.slice(at))![0].length;
        if (at >= source.length) throw fail();
      }
      at += /^\s*\)/.exec(source.slice(at))![0].length;
      const known = FUNCTIONS[call[1]!];
      if (!known)
        throw new StateFailure("States.IntrinsicFailure", `The function 'States.${call[1]}' does not exist`);
      try {
        return known(...(given as never[]));
      } catch (error) {
        throw new StateFailure(
          "States.IntrinsicFailure",
          `The function '${source}' had the following error: ${(error as Error).message}`,
        );
      }
    }
    const literal =
      /^\s*(?:'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)|(true|false|null)|(\$[^\s,)]*(?:\[[^\]]*\][^\s,)]*)*))/.exec(
        rest,
      );
    if (!literal) throw fail();
    at += literal[0].length;
    const [, quoted, number, word, path] = literal;
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, "$1");
    if (number !== undefined) return Number(number);
    if (word !== undefined) return JSON.parse(word);
    return read(path!);
  };
  return value();
}
