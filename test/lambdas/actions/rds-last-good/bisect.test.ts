import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Asked, mostAsked, next } from "../../../../lambdas/actions/rds-last-good/bisect.ts";

/** Asks until it is found, as the step does. */
function search(good: number, bad: number, damagedAt: number): { found: number; asked: Asked[] } {
  const asked: Asked[] = [];
  for (;;) {
    const then = next(good, bad, asked);
    if ("found" in then) return { found: then.found, asked };
    asked.push({ at: then.ask, good: then.ask < damagedAt });
    if (asked.length > 100) throw new Error("it does not end");
  }
}

describe("the search for the last good second", () => {
  it("finds it, whenever the damage was done, with log2 of the window's seconds at the most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat(), (seconds, place) => {
        const [good, bad] = [1_000_000_000_000, 1_000_000_000_000 + seconds * 1000];
        // Anywhere after the good moment, to the millisecond.
        const damagedAt = good + 1 + (place % (seconds * 1000));

        const { found, asked } = search(good, bad, damagedAt);

        expect(found).toBeLessThan(damagedAt);
        expect(found + 1000).toBeGreaterThanOrEqual(damagedAt);
        expect(asked.length).toBeLessThanOrEqual(mostAsked(good, bad));
        expect(mostAsked(good, bad) + 1).toBeLessThanOrEqual(Math.log2(seconds) + 2);
        expect(new Set(asked.map(({ at }) => at)).size).toBe(asked.length);
      }),
    );
  });

  it("says whether the moment that it found was itself asked", () => {
    expect(next(0, 2000, [{ at: 1000, good: true }])).toEqual({ found: 1000, asked: true });
    expect(next(0, 2000, [{ at: 1000, good: false }])).toEqual({ found: 0, asked: false });
  });
});
