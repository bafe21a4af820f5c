import { describe, expect, it } from "vitest";
import { outsideWorldFindings } from "../../scripts/check-outside-world.ts";
import { projectFiles, read } from "../../scripts/sources.ts";

const findings = (path: string, text: string) => outsideWorldFindings([{ path, text }]);

describe("time and chance", () => {
  it("come from the clock and the context in the whole project", () => {
    const sources = read(projectFiles().filter((path) => path.endsWith(".ts")));

    expect(sources.length).toBeGreaterThan(100);
    expect(outsideWorldFindings(sources)).toEqual([]);
  });

  it.each([
    "const at = Date.now();",
    "const at = new Date();",
    "const at = Date();",
    "const now = Date.now;",
    "const jitter = Math.random() * 5;",
    "setTimeout(() => undefined, 10);",
    "setInterval(() => undefined, 10);",
    'import { setTimeout as pause } from "node:timers/promises";',
  ])("are found when taken from the machine: %s", (line) => {
    expect(findings("lambdas/admit/handler.ts", `// first\n${line}`)).toEqual([
      {
        path: "lambdas/admit/handler.ts",
        line: 2,
        text: expect.stringContaining("take the time from the clock"),
      },
    ]);
  });

  it("may be made from a given moment", () => {
    expect(findings("lambdas/admit/handler.ts", "const at = new Date(now()).toISOString();")).toEqual([]);
  });

  it("are the clock's own business", () => {
    expect(findings("sandbox/clock.ts", "const at = Date.now();")).toEqual([]);
  });
});
