import { describe, expect, it } from "vitest";
import { readiness, targetVersion } from "../../../../lambdas/actions/lambda-alias/target.ts";

const published = [
  { number: 2, description: "1.1.0" },
  { number: 4, description: "1.2.0" },
  { number: 5, description: "1.3.0" },
];
const lastGood = { version: "1.1.0", deployedAt: "2026-01-08T10:00:00Z" };
const target = (
  version: string,
  weights: Record<string, number> = {},
  wanted: "previous" | "last-good" | number = "previous",
  run = {},
) => targetVersion("chat", { version, weights }, published, wanted, run).version;

describe("the version an alias goes back to", () => {
  it("is the newest published before its own, whatever numbers are missing", () => {
    expect([target("5"), target("4"), target("$LATEST")]).toEqual([4, 2, 5]);
  });

  it("is the older of two that share the calls, whichever is the main one", () => {
    expect([target("4", { "5": 0.1 }), target("5", { "4": 0.1 })]).toEqual([4, 4]);
  });

  it("is the one that completed its watch, where the plan says so", () => {
    expect(target("5", {}, "last-good", { lastGood })).toBe(2);
  });

  it.each([
    ["nothing older", "2", "previous", {}, /no published version before 2/],
    ["no such number", "5", 3, {}, /no published version 3/],
    ["no good version", "5", "last-good", {}, /no version has completed its watch/],
    [
      "none described so",
      "5",
      "last-good",
      { lastGood: { ...lastGood, version: "0.9" } },
      /description "0.9"/,
    ],
  ] as const)("is refused with %s", (_, version, wanted, run, said) => {
    expect(() => target(version, {}, wanted, run)).toThrow(said);
    expect(() => target(version, {}, wanted, run)).toThrow(/Nothing was changed/);
  });
});

it("a version that sleeps is said to, and one that cannot answer is refused", () => {
  expect(readiness("chat", 4, { State: "Active" })).toEqual([]);
  expect(readiness("chat", 4, { State: "Inactive" })).toEqual([expect.stringMatching(/4 .* is inactive/)]);
  expect(() => readiness("chat", 4, { State: "Failed", StateReason: "no subnet" })).toThrow(
    /Failed \(no subnet\). Nothing was changed/,
  );
});
