import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparator, fieldsOf, keyColumn } from "../../../../lambdas/actions/reconcile/keys.ts";
import { merge } from "../../../../lambdas/actions/reconcile/merge.ts";

/** Lines in pieces of any size, as they come from a socket. */
async function* pieces(lines: string[], sizes: number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  for (let at = 0, turn = 0; at < bytes.byteLength; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const numbers = comparator([keyColumn({ name: "id", type: "bigint" })]);
const linesOf = (rows: Map<number, number>) =>
  [...rows].toSorted(([a], [b]) => a - b).map(([id, digest]) => `${id}\t${digest}`);

async function merged(left: Map<number, number>, right: Map<number, number>, sizes: [number[], number[]]) {
  const missing: number[] = [];
  const found = await merge(
    pieces(linesOf(left), sizes[0]),
    pieces(linesOf(right), sizes[1]),
    numbers,
    async (key) => void missing.push(Number(key)),
  );
  return { missing, ...found };
}

const Table = fc
  .array(fc.tuple(fc.integer({ min: -1200, max: 1200 }), fc.integer({ min: 0, max: 2 })), { maxLength: 400 })
  .map((rows) => new Map(rows));
const Sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 });

describe("the merge of two ordered streams", () => {
  it("finds exactly what a comparison in memory finds, however the bytes arrive", async () => {
    await fc.assert(
      fc.asyncProperty(Table, Table, Sizes, Sizes, async (left, right, a, b) => {
        const both = [...left.keys()].filter((id) => right.has(id));

        expect(await merged(left, right, [a, b])).toEqual({
          missing: [...left.keys()].filter((id) => !right.has(id)).toSorted((x, y) => x - y),
          left: left.size,
          right: right.size,
          changed: both.filter((id) => left.get(id) !== right.get(id)).length,
          onlyLeft: left.size - both.length,
          onlyRight: right.size - both.length,
        });
      }),
    );
  });

  it("finds one row among many that are the same", async () => {
    const left = new Map(Array.from({ length: 30_000 }, (_, id) => [id, 1]));
    const right = new Map(left);
    right.delete(29_998);
    right.set(5, 2);

    expect(await merged(left, right, [[65_536], [1000, 70_000]])).toMatchObject({
      missing: [29_998],
      changed: 1,
      left: 30_000,
      right: 29_999,
    });
  });
});

describe("the order of keys", () => {
  it("is that of numbers for integers, and that of bytes for everything else", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        const order = numbers(Buffer.from(String(a)), Buffer.from(String(b)));
        expect([order < 0, order > 0]).toEqual([a < b, a > b]);
      }),
    );
    const texts = comparator([
      keyColumn({ name: "name", type: "text" }),
      keyColumn({ name: "n", type: "integer" }),
    ]);
    const key = (text: string, n: number) => Buffer.from(`${text}\t${n}`);
    expect(texts(key("Z", 1), key("a", 1))).toBeLessThan(0);
    expect(texts(key("a", 9), key("a", 10))).toBeLessThan(0);
    // A tab inside a value is escaped, and comes before any letter as itself.
    expect(texts(key("a\\tb", 1), key("ab", 1))).toBeLessThan(0);
  });

  it("reads COPY's escapes", () => {
    expect(fieldsOf(Buffer.from("a\\tb\\\\c\\n\t12")).map(String)).toEqual(["a\tb\\c\n", "12"]);
  });
});
