import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usualOf } from "../../../lambdas/baseline/usual.ts";

describe("what a metric usually is", () => {
  it("is the mean of its points, and their standard deviation when that is asked", () => {
    expect(usualOf([95, 105, 95, 105], true)).toEqual({ mean: 100, deviation: 5 });
    expect(usualOf([95, 105, 95, 105], false)).toEqual({ mean: 100 });
  });

  it("is unknown without points", () => {
    expect(usualOf([], true)).toBeUndefined();
  });

  it("has no deviation when nothing varied, also where fractions do not add up", () => {
    expect(usualOf([0, 0, 0], true)).toEqual({ mean: 0 });
    expect(
      usualOf(
        Array.from({ length: 1440 }, () => 0.1),
        true,
      ),
    ).not.toHaveProperty("deviation");
  });

  it("moves with the metric: twice the values have twice the mean and twice the deviation", () => {
    const point = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 50 }), (points) => {
        const once = usualOf(points, true)!;
        const twice = usualOf(
          points.map((each) => 2 * each),
          true,
        )!;
        expect(twice.mean).toBeCloseTo(2 * once.mean, 3);
        expect(twice.deviation ?? 0).toBeCloseTo(2 * (once.deviation ?? 0), 3);
      }),
    );
  });
});
