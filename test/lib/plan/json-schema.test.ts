import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCHEMA_FILE } from "../../../lib/plan/emit-schema.ts";
import { planJsonSchema, planJsonSchemaText } from "../../../lib/plan/json-schema.ts";
import { registries } from "./support.ts";

/** Follows keys through parsed JSON. */
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

describe("the JSON schema of plans", () => {
  const step = at(
    planJsonSchema(registries),
    "properties",
    "stages",
    "items",
    "properties",
    "steps",
    "items",
  );

  it("in the repository is current; `node lib/plan/emit-schema.ts` writes it", () => {
    expect(existsSync(SCHEMA_FILE)).toBe(true);
    expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(planJsonSchemaText());
  });

  it("offers every kind with what it does", () => {
    const offered = at(step, "properties", "action", "oneOf") as { const: string; description: string }[];

    expect(offered.map((each) => each.const)).toEqual(Object.keys(registries.actions).toSorted());
    expect(offered[0]!.description).toBe("burn-bridge for tests");
  });

  it("knows each kind's own input, with defaults, and an expression for any field", () => {
    const branches = at(step, "allOf") as unknown[];
    const copy = branches.find((branch) => at(branch, "if", "properties", "action", "const") === "copy-db");
    const fields = at(copy, "then", "properties", "with") as Record<string, unknown>;

    expect(fields).toMatchObject({ additionalProperties: false, required: ["instance"] });
    expect(at(fields, "properties", "name")).toMatchObject({ default: "copy" });
    expect(at(fields, "properties", "minutes", "anyOf", 0)).toMatchObject({ type: "integer", minimum: 1 });
    expect(at(fields, "properties", "minutes", "anyOf", 1, "pattern")).toBe("^\\{%[\\s\\S]*%\\}$");
  });

  it("says of every field what it is for", () => {
    const bare: string[] = [];
    const look = (value: unknown, path: string): void => {
      for (const [name, field] of Object.entries(
        (value as { properties?: Record<string, object> }).properties ?? {},
      )) {
        if (!("description" in field)) bare.push(`${path}.${name}`);
        look(field, `${path}.${name}`);
        look((field as { items?: object }).items ?? {}, `${path}.${name}[]`);
      }
    };
    look(planJsonSchema(registries), "plan");

    expect(bare).toEqual([]);
  });
});
