/**
 * JSONPath as the States Language uses it: `$`, names, indexes, slices, wildcards, `..`. A reference to one
 * place gives its value, anything that may match several gives a list.
 */
type Part =
  | { kind: "name"; name: string }
  | { kind: "index"; index: number }
  | { kind: "slice"; from?: number; to?: number }
  | { kind: "all" }
  | { kind: "deep"; name: string | undefined };

const cache = new Map<string, { root: string; parts: Part[]; single: boolean }>();

/** Splits a path. `root` is `$`, `$$` or `$name` (a variable). Throws SyntaxError for what it cannot read. */
export function parsePath(text: string): { root: string; parts: Part[]; single: boolean } {
  const known = cache.get(text);
  if (known) return known;
  const head = /^\$\$|^\$[A-Za-z_]\w*|^\$/.exec(text)?.[0];
  if (head === undefined) throw new SyntaxError(`Invalid path '${text}': it must begin with $`);
  const parts: Part[] = [];
  const token =
    /\.\.(?:(\*)|([\w-]+))|\.(\*)|\.([^.[\]]+)|\[\s*(\*)\s*\]|\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]|\[\s*(-?\d+)\s*\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]/gy;
  token.lastIndex = head.length;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new SyntaxError(`Invalid path '${text}' at character ${at}`);
    const [, deepAll, deepName, dotAll, dotName, all, from, to, index, single, double] = match;
    if (deepAll !== undefined || deepName !== undefined) parts.push({ kind: "deep", name: deepName });
    else if (dotAll !== undefined || all !== undefined) parts.push({ kind: "all" });
    else if (dotName !== undefined) parts.push({ kind: "name", name: dotName });
    else if (index !== undefined) parts.push({ kind: "index", index: Number(index) });
    else if (single !== undefined || double !== undefined)
      parts.push({ kind: "name", name: (single ?? double)!.replace(/\\(.)/g, "$1") });
    else
      parts.push({
        kind: "slice",
        ...(from ? { from: Number(from) } : {}),
        ...(to ? { to: Number(to) } : {}),
      });
  }
  const parsed = {
    root: head,
    parts,
    single: parts.every(({ kind }) => kind === "name" || kind === "index"),
  };
  cache.set(text, parsed);
  return parsed;
}

/** All values that the parts lead to from `root`. */
export function find(parts: Part[], root: unknown): unknown[] {
  let found = [root];
  for (const part of parts) found = found.flatMap((value) => follow(part, value));
  return found;
}

function follow(part: Part, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  switch (part.kind) {
    case "name":
      return !Array.isArray(value) && Object.hasOwn(value, part.name)
        ? [(value as Record<string, unknown>)[part.name]]
        : [];
    case "index": {
      const list = Array.isArray(value) ? value : [];
      const index = part.index < 0 ? list.length + part.index : part.index;
      return index in list ? [list[index]] : [];
    }
    case "slice":
      return Array.isArray(value) ? value.slice(part.from, part.to) : [];
    case "all":
      return Object.values(value);
    case "deep": {
      const own =
        part.name === undefined ? Object.values(value) : follow({ kind: "name", name: part.name }, value);
      return [...own, ...Object.values(value).flatMap((each) => follow(part, each))];
    }
  }
}
