import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { madeNames } from "../../../lambdas/runtime/rds-spec.ts";
import { madeName, runTags } from "../../../lambdas/runtime/tokens.ts";

/** Identifiers as RDS takes them. */
const identifier = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+){0,6}$/)
  .filter((text) => text.length <= 63);
const RDS = /^[a-z](?!.*--)[a-z0-9-]{0,62}(?<!-)$/;

describe("madeName", () => {
  it("is a name that RDS takes, whatever the base, the run and the step are", () => {
    fc.assert(
      fc.property(identifier, fc.string(), fc.string(), (base, run, step) => {
        expect(madeName(base, run, step)).toMatch(RDS);
      }),
    );
  });

  it("is the same for the same run and step, another for another, and never the base's own", () => {
    fc.assert(
      fc.property(identifier, fc.uuid(), fc.uuid(), (base, run, other) => {
        expect(madeName(base, run, "restore")).toBe(madeName(base, run, "restore"));
        expect(madeName(base, run, "restore")).not.toBe(madeName(base, run, "snapshot"));
        if (run !== other) expect(madeName(base, run, "restore")).not.toBe(madeName(base, other, "restore"));
        expect(madeName(base, run, "restore")).not.toBe(base.toLowerCase());
      }),
    );
  });

  it("cuts a long base without leaving two hyphens", () => {
    const base = `${"a".repeat(51)}-${"b".repeat(11)}`;

    expect(base).toHaveLength(63);
    expect(madeName(base, "run", "step")).toMatch(RDS);
    expect(madeName(base, "run", "step").startsWith("a".repeat(51))).toBe(true);
  });
});

describe("madeNames", () => {
  /** As IAM compares: `?` is any one character. */
  const fits = (pattern: string, name: string) => new RegExp(`^${pattern.replaceAll("?", ".")}$`).test(name);

  it("fits every name that is made, and says how IAM must be asked for it", () => {
    fc.assert(
      fc.property(
        identifier,
        fc.uuid(),
        fc.constantFrom<"r" | "p">("r", "p"),
        fc.constantFrom(60, 63, 255),
        (base, run, mark, longest) => {
          expect(fits(madeNames(base, mark, longest), madeName(base, run, "step", longest, mark))).toBe(true);
        },
      ),
    );
  });

  it("fits nothing of another service whose name begins alike", () => {
    for (const other of [
      "shop-db",
      "shop-db-2",
      "shop-db-billing",
      "shop-db2-r-0123abcd",
      "shop-db-eu-r-0123abcd",
    ])
      expect(fits(madeNames("shop-db"), other)).toBe(false);
  });
});

it("everything that a run makes says which run, service and step made it", () => {
  expect(runTags({ id: "r1", service: "lab" }, "restore")).toEqual([
    { Key: "watchdog:run", Value: "r1" },
    { Key: "watchdog:service", Value: "lab" },
    { Key: "watchdog:step", Value: "restore" },
  ]);
});
