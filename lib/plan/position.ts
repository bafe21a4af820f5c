import { type Document, isMap, isNode, isPair, isScalar, isSeq, type Node } from "yaml";

/** A path inside a plan: keys and indexes. */
export type Path = (string | number)[];

/** Where a path stands in the file; the nearest part of it that exists. A key's own place is its key, not its value. */
export function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = isNode(node) && node.range ? node.range[0] : 0;
  for (const key of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && String((item.key as { value?: unknown })?.value) === String(key),
      );
      const at = (pair?.key as Node | undefined)?.range?.[0];
      if (at === undefined) break;
      offset = at;
      next = pair!.value;
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
      const at = isNode(next) ? next.range?.[0] : undefined;
      if (at === undefined) break;
      offset = at;
    } else break;
    node = next;
  }
  return offset;
}

/** `stages[0].steps[1].with` */
export function pathText(path: Path): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
}

/** What a value holds at a path; undefined when it does not reach so far. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null
        ? (found as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** Line and column of an offset, both from 1. Counted in the text itself: a parser loses count inside broken quotes. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}

/**
 * Where a place inside a text value stands in the file. Exact in a literal block (`|`) and in a text on one line; in
 * a folded block, whose lines are not the file's, the beginning of the text.
 */
export function offsetWithin(
  document: Document,
  text: string,
  path: Path,
  { line, column }: { line: number; column: number },
): number {
  const node: unknown = document.getIn(path, true);
  if (!isScalar(node) || !node.range) return offsetOf(document, path);
  const start = node.range[0];
  if (node.type === "BLOCK_LITERAL") {
    const lines = text.slice(start).split("\n");
    // The block's own indentation, which the value does not have.
    const indent = /^ */.exec(lines.slice(1).find((each) => each.trim() !== "") ?? "")![0].length;
    const before = lines.slice(0, line).reduce((length, each) => length + each.length + 1, 0);
    return start + before + indent + column - 1;
  }
  if (node.type === "BLOCK_FOLDED" || line > 1) return start;
  return start + (node.type === "PLAIN" ? 0 : 1) + column - 1;
}
