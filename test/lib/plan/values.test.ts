import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationText, seconds } from "../../../lib/plan/duration.ts";
import { nearest } from "../../../lib/plan/nearest.ts";
import { comparison, crosses } from "../../../lib/plan/threshold.ts";

describe("durations", () => {
  it.each([
    ["30s", 30],
    ["2m", 120],
    ["1h", 3600],
    ["7d", 604_800],
  ])("%s is %d seconds", (text, expected) => {
    expect(seconds(text)).toBe(expected);
  });

  it.each(["", "2", "m", "2 m", "-2m", "1.5h", "2m30s"])("%j is none", (text) => {
    expect(() => seconds(text)).toThrow(RangeError);
  });

  it("are read to people in the largest units", () => {
    expect([0, 45, 90, 3600, 93_784].map(durationText)).toEqual([
      "0 s",
      "45 s",
      "1 min 30 s",
      "1 h",
      "1 d 2 h 3 min 4 s",
    ]);
  });
});

describe("thresholds", () => {
  it.each([
    ["> 10", [11], [10, 9]],
    [">= 10", [10, 11], [9]],
    ["< -1.5", [-2], [-1.5, 0]],
    ["<=3", [3, 2], [4]],
  ])("%s", (text, crossing, not) => {
    const limit = comparison(text);
    expect(crossing.map((value) => crosses(value, limit))).toEqual(crossing.map(() => true));
    expect(not.map((value) => crosses(value, limit))).toEqual(not.map(() => false));
  });

  it("are never crossed by what is no number", () => {
    for (const text of ["> 0", "< 0", ">= 0", "<= 0"])
      expect(crosses(Number.NaN, comparison(text))).toBe(false);
  });

  it.each(["10", "> ten", "=> 10", "> 10 %", ""])("%j is none", (text) => {
    expect(() => comparison(text)).toThrow(RangeError);
  });
});

describe("the nearest word", () => {
  it("is found over a typing mistake, and not when nothing is near", () => {
    expect(nearest("treshold", ["threshold", "level"])).toBe("threshold");
    expect(nearest("hreshodl", ["threshold", "level"])).toBe("threshold");
    expect(nearest("colour", ["threshold", "level"])).toBeUndefined();
  });

  it("of a known word is itself", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{3,10}$/), { minLength: 1 }), (words) => {
        for (const word of words) expect(nearest(word, words)).toBe(word);
      }),
    );
  });
});
