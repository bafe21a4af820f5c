import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const coverage = readFileSync(join(ROOT, "docs/coverage.md"), "utf8");
const capabilities = join(ROOT, "../shared/runbooks/CAPABILITIES.md");

describe("docs/coverage.md", () => {
  it("names only tests that exist", () => {
    const named = [...coverage.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path!);
    const missing = named.filter((path) => !existsSync(join(ROOT, path)));

    expect(named.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it("names a test for every row that is done or partly done", () => {
    const rows = coverage.split("\n").filter((line) => /^\| [A-Z]\d/.test(line));
    const unproved = rows.filter((row) => /\| (done|part:)/.test(row) && !row.includes("`test/"));

    expect(rows.length).toBeGreaterThan(40);
    expect(unproved).toEqual([]);
  });

  if (!existsSync(capabilities)) console.warn("SKIPPED: the list of capabilities is not on this machine");
  it.skipIf(!existsSync(capabilities))("mentions every row of the capabilities", () => {
    const ids = [
      ...readFileSync(capabilities, "utf8").matchAll(
        /^\| ((?:[HROTA]\d+[a-c]?(?:-[HROTA]?\d+)?(?:, )?)+) \|/gm,
      ),
    ].flatMap(([, list]) => list!.split(", "));

    expect(ids.length).toBeGreaterThan(40);
    expect(ids.filter((id) => !coverage.includes(id))).toEqual([]);
  });
});
