import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GENERATED, generatedFindings } from "../../scripts/check-generated.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchdog-generated-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("generated files", () => {
  it("in the repository are current", () => {
    expect(GENERATED.length).toBeGreaterThan(0);
    expect(generatedFindings(GENERATED)).toEqual([]);
    // One of them synthesizes a stack, which takes its time on a busy machine.
  }, 120_000);

  it("that were edited by hand are found", () => {
    writeFileSync(join(folder, "a.json"), "{}\n");

    expect(generatedFindings([{ path: "a.json", text: () => "[]\n" }], folder)).toEqual([
      { path: "a.json", line: 1, text: "is not current: npm run generate" },
    ]);
  });

  it("that are missing are found", () => {
    expect(generatedFindings([{ path: "a.json", text: () => "[]\n" }], folder)).toEqual([
      { path: "a.json", line: 1, text: "is missing: npm run generate" },
    ]);
  });
});
