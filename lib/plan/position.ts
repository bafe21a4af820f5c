import { type Document, isMap, isNode, isPair, isSeq, type Node } from "yaml";

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
