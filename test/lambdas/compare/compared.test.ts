import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compared } from "../../../lambdas/compare/compared.ts";
import type { CompareEvent } from "../../../lambdas/runtime/protocol.ts";

const worse = (change: Partial<CompareEvent["worse"]> = {}): CompareEvent["worse"] => ({
  metric: { namespace: "Shop", name: "Errors", statistic: "Average", periodSeconds: 60 },
  overSeconds: 60,
  percent: 150,
  by: 5,
  direction: "up",
  ...change,
});

describe("whether a stage made it worse", () => {
  it.each([
    ["beyond percent and difference", 20, [40], true],
    ["within the percent", 20, [28], false],
    ["beyond the percent, but by next to nothing", 0.1, [0.4], false],
    ["from nothing to a lot", 0, [50], true],
    ["better", 20, [1], false],
    ["the mean of several periods counts", 20, [0, 100], true],
  ])("up: %s", (_, before, values, expected) => {
    expect(compared(worse(), before, values).worse).toBe(expected);
  });

  it.each([
    ["requests fell to a third", 90, [30], true],
    ["requests fell by a tenth", 90, [81], false],
    ["requests grew", 90, [200], false],
  ])("down: %s", (_, before, values, expected) => {
    expect(compared(worse({ direction: "down" }), before, values).worse).toBe(expected);
  });

  it("what was not measured, then or now, is no evidence, and is said", () => {
    expect(compared(worse(), 20, [])).toMatchObject({
      value: null,
      worse: false,
      note: expect.stringContaining("no data"),
    });
    expect(compared(worse(), null, [90])).toMatchObject({
      value: 90,
      worse: false,
      note: expect.stringContaining("not known"),
    });
  });

  it("the same value is never worse", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.constantFrom("up" as const, "down" as const),
        (value, direction) => {
          expect(compared(worse({ direction }), value, [value]).worse).toBe(false);
        },
      ),
    );
  });
});
