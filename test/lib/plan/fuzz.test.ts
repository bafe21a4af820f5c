import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadPlan } from "../../../lib/plan/load.ts";
import { GOOD, registries } from "./support.ts";

const load = (text: string) => loadPlan({ file: "shop.yaml", text }, registries);

/** A problem's place must be one that the file has. */
function sound(text: string): void {
  const { plan, problems } = load(text);
  const lines = text.split("\n");
  if (!plan) expect(problems.length).toBeGreaterThan(0);
  for (const { line, column, reason, instead } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 2);
    expect(reason).toMatch(/\S/);
    expect(instead).toMatch(/\S/);
    expect(`${reason}${instead}`).not.toMatch(/undefined|\[object|NaN/);
  }
}

describe("a plan's text, however broken", () => {
  it("is answered with problems in places it has, and never with a crash", () => {
    const junk = fc.constantFrom(
      "",
      "x",
      "null",
      "[]",
      "{}",
      "-1",
      '"',
      "'",
      ": ",
      "\n",
      "  ",
      "- ",
      "{% ",
      "{% $steps.( %}",
      "&a ",
      "*a",
      "!!int ",
      "__proto__: 1",
      "constructor",
      "9".repeat(30),
      "\t",
      "\u0000",
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(GOOD.length), length: fc.nat(12), junk }), {
          minLength: 1,
          maxLength: 3,
        }),
        (edits) => {
          let text = GOOD;
          for (const { at, length, junk: put } of edits)
            text = text.slice(0, at) + put + text.slice(at + length);
          sound(text);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("without any one of its lines is answered too", () => {
    const lines = GOOD.split("\n");
    for (const index of lines.keys()) sound(lines.toSpliced(index, 1).join("\n"));
  });

  it("with aliases that expand without end is refused in time", () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefghi"
      .split("")
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]`)
      .join("\n")}\n`;

    expect(load(bomb).problems).toMatchObject([{ reason: expect.stringContaining("alias") }]);
  });

  it("with a key named like a part of every object gets no special treatment", () => {
    expect(load(`${GOOD}constructor: 1\n`).problems).toMatchObject([
      { reason: expect.stringContaining('"constructor" is not known here') },
    ]);
    expect(load(GOOD.replace("action: save-db", "action: constructor")).problems).toMatchObject([
      { reason: expect.stringContaining('there is no action "constructor"') },
    ]);
  });
});
