import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { validateFiles, validationText } from "../../../lib/plan/validate.ts";
import { changed, GOOD, registries } from "./support.ts";

describe("validating files", () => {
  const folder = mkdtempSync(join(tmpdir(), "watchdog-validate-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("tells every problem of every file", () => {
    const good = file("good.yaml", GOOD);
    const bad = file("bad.yaml", changed("for: 2m", "for: soon", changed("service: shop", "service: Shop")));
    const validated = validateFiles([good, bad, join(folder, "none.yaml")], registries);

    expect(validated.map(({ problems }) => problems.length)).toEqual([0, 2, 1]);
    const text = validationText(validated);
    expect(text).toContain("good.yaml: no problems");
    expect(text).toMatch(/bad\.yaml:1:1 {2}service: "Shop" does not fit {2}write lower-case/);
    expect(text).toMatch(/3 problems; nothing was built$/);
  });

  it("refuses two plans of one service: they would share a lock and a stack", () => {
    const validated = validateFiles([file("one.yaml", GOOD), file("two.yaml", GOOD)], registries);

    expect(validated[0]!.problems).toEqual([]);
    expect(validated[1]!.problems).toMatchObject([{ reason: expect.stringContaining("one.yaml") }]);
  });
});
