import { describe, expect, it } from "vitest";
import * as z from "zod";
import { actionsPage } from "../../../lib/docs/actions.ts";
import { deepRowsOf, jsonOf, typeText } from "../../../lib/docs/fields.ts";
import { table } from "../../../lib/docs/markdown.ts";
import { planReferencePage } from "../../../lib/docs/plan-reference.ts";
import { registries } from "../../../lib/plan/registries.ts";
import { Plan } from "../../../lib/plan/schema.ts";

const { actions, checks } = registries;

describe("Every key", () => {
  it.each(Object.values({ ...actions, ...checks }).map((spec) => [spec.kind, spec.input]))(
    "that %s takes has a meaning",
    (_, input) => {
      const rows = deepRowsOf(jsonOf(input));

      expect(rows.filter(([, , , meaning]) => meaning === "").map(([key]) => key)).toEqual([]);
      expect(rows.length).toBeGreaterThan(0);
    },
  );

  it.each(Object.values(actions).map((spec) => [spec.kind, spec.outputs]))(
    "that %s gives to later steps has a meaning",
    (_, outputs) => {
      const rows = deepRowsOf(jsonOf(outputs, "output"));

      expect(rows.filter(([, , , meaning]) => meaning === "").map(([key]) => key)).toEqual([]);
    },
  );

  it("of a plan has a meaning, and a row on the page", () => {
    const rows = deepRowsOf(jsonOf(Plan));
    const page = planReferencePage(registries);

    expect(rows.filter(([, , , meaning]) => meaning === "").map(([key]) => key)).toEqual([]);
    for (const [key] of rows) expect(page).toContain(`| \`${/[^.`]+(?=`)/.exec(key!)![0]}\` |`);
  });
});

describe("A type in words", () => {
  const words = (schema: z.ZodType) => typeText(jsonOf(schema));

  it("names limits, choices and what is inside", () => {
    expect(words(z.int().min(1).max(30))).toBe("integer, 1 to 30");
    expect(words(z.int().min(1))).toBe("integer, 1 or more");
    expect(words(z.enum(["a", "b"]))).toBe("`a`, `b`");
    expect(words(z.union([z.literal("previous"), z.iso.datetime()]))).toBe("`previous` or ISO 8601 time");
    expect(words(z.array(z.email()).min(1))).toBe("list of e-mail address, not empty");
    expect(words(z.record(z.string(), z.int()))).toBe("mapping of names to integer");
  });

  it("says of a text what the schema says when it does not fit", () => {
    expect(words(z.string().regex(/^\d+s$/, 'a duration such as "2s"'))).toBe(
      'text: a duration such as "2s"',
    );
  });
});

describe("The page of actions", () => {
  const page = actionsPage(registries);

  it("has a section for every kind, with its summary and every AWS action that it may use", () => {
    for (const { kind, summary } of Object.values({ ...actions, ...checks })) {
      expect(page).toContain(`### \`${kind}\`\n\n${summary}.`);
    }
    expect(page).toContain("`rds:RestoreDBInstanceToPointInTime`");
  });
});

describe("A table", () => {
  it("keeps a bar inside a cell, and leaves an empty column out", () => {
    expect(table(["A", "B", "C"], [["x|y", "", "z\nw"]])).toBe("| A | C |\n| --- | --- |\n| x\\|y | z w |");
  });
});
