import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { actions } from "../../lambdas/actions/registry.ts";
import { checks } from "../../lambdas/checks/registry.ts";
import { isCode, projectFiles, read, type Source } from "../../scripts/sources.ts";

const kinds = [...Object.keys(actions), ...Object.keys(checks)];
const LAMBDAS = join(import.meta.dirname, "../../lambdas");

const foldersOf = (group: string) =>
  readdirSync(join(LAMBDAS, group), { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => name);

describe.each([
  ["actions", actions],
  ["checks", checks],
])("the registry of %s", (group, registry) => {
  it("has one entry for each folder, under the folder's name", () => {
    expect(Object.keys(registry).toSorted()).toEqual(foldersOf(group).toSorted());
    for (const [name, spec] of Object.entries(registry)) expect(spec.kind).toBe(name);
  });

  it.each(foldersOf(group))("%s has a spec and a handler", (folder) => {
    expect(readdirSync(join(LAMBDAS, group, folder))).toEqual(
      expect.arrayContaining(["spec.ts", "handler.ts"]),
    );
  });
});

/** Where no kind may be named: what is shared declares a property instead of asking for a kind (STYLE rule 3). */
const shared = ({ path }: Source) =>
  /^(lib|bin)\//.test(path) || (/^lambdas\//.test(path) && !/^lambdas\/(actions|checks)\//.test(path));

const namesKinds = ({ path, text }: Source): string[] =>
  kinds.filter((kind) => new RegExp(`["'\`/]${kind}["'\`/]`).test(text)).map((kind) => `${path}: ${kind}`);

describe("what is shared", () => {
  it("names no kind of action or check", () => {
    const sources = read(projectFiles().filter(isCode)).filter(shared);

    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(namesKinds)).toEqual([]);
  });

  it.each([
    'if (step.action === "rds-pitr") return;',
    "switch (kind) { case 'http-check': }",
    'import { rdsPitr } from "../lambdas/actions/rds-pitr/spec.ts";',
  ])("would be found with %s", (text) => {
    expect(namesKinds({ path: "lib/some.ts", text })).toHaveLength(1);
  });
});
