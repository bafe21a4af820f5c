import { describe, expect, it } from "vitest";
import { importFindings } from "../../scripts/check-imports.ts";
import { importCircles } from "../../scripts/import-circles.ts";
import { isCode, projectFiles, read } from "../../scripts/sources.ts";

const findings = (path: string, text: string) => importFindings([{ path, text }]).map((each) => each.text);

describe("import rules", () => {
  it("hold in the whole project", () => {
    const sources = read(projectFiles().filter(isCode));

    expect(sources.length).toBeGreaterThan(100);
    expect(importFindings(sources)).toEqual([]);
  });

  it.each([
    [
      "sandbox/services/rds/index.ts",
      'import { loadPlan } from "../../../lib/plan/load.ts";',
      "lib/plan/load.ts",
    ],
    [
      "sandbox/world.ts",
      'import type { Change } from "../lambdas/runtime/protocol.ts";',
      "lambdas/runtime/protocol.ts",
    ],
    ["lib/stack.ts", 'const { RDSClient } = await import("@aws-sdk/client-rds");', "@aws-sdk/client-rds"],
    ["lib/plan/load.ts", 'export { App } from "aws-cdk-lib";', "aws-cdk-lib"],
    [
      "lib/workflow/step.ts",
      'import { handler } from "../../lambdas/admit/handler.ts";',
      "lambdas/admit/handler.ts",
    ],
    [
      "lambdas/actions/rds-pitr/spec.ts",
      'import { RDSClient } from "@aws-sdk/client-rds";',
      "@aws-sdk/client-rds",
    ],
    [
      "lambdas/actions/rds-pitr/handler.ts",
      'import { x } from "../rds-fence/handler.ts";',
      "lambdas/actions/rds-fence/handler.ts",
    ],
    ["lambdas/actions/registry.ts", 'import "./rds-pitr/handler.ts";', "lambdas/actions/rds-pitr/handler.ts"],
    ["lambdas/admit/handler.ts", 'import { decide } from "../../lib/plan/decide.ts";', "lib/plan/decide.ts"],
    [
      "lambdas/runtime/serve.ts",
      'type Admit = typeof import("../admit/handler.ts");',
      "lambdas/admit/handler.ts",
    ],
    [
      "lambdas/messages/started.ts",
      'import { SNSClient } from "@aws-sdk/client-sns";',
      "@aws-sdk/client-sns",
    ],
    ["scenarios/orders/scenario.ts", 'import { x } from "../../sandbox/world.ts";', "sandbox/world.ts"],
    ["scenarios/orders/app.ts", 'export * from "../../lib/index.ts";', "lib/index.ts"],
  ])("find a planted violation in %s", (path, text, to) => {
    expect(findings(path, text)).toEqual([expect.stringContaining(`may not import ${to}: `)]);
  });

  it("name the line of the import", () => {
    const [finding] = importFindings([
      { path: "sandbox/clock.ts", text: '// a clock\n\nimport "../lib/index.ts";\n' },
    ]);

    expect(finding?.line).toBe(3);
  });

  it("let a handler import its own folder, and decide its pure function", () => {
    expect(findings("lambdas/report/handler.ts", 'import { htmlReport } from "./html.ts";')).toEqual([]);
    expect(
      findings("lambdas/decide/handler.ts", 'import { decide } from "../../lib/plan/decide.ts";'),
    ).toEqual([]);
  });

  it("are not fooled by an import in a comment or a text", () => {
    const text = '// import "../lib/index.ts"\nconst words = `import "../lib/index.ts"`;\nexport { words };';

    expect(findings("sandbox/clock.ts", text)).toEqual([]);
  });

  it("find a file in a folder that the table does not know", () => {
    expect(findings("lambdas/new.ts", "export const x = 1;")).toEqual([expect.stringContaining("no row")]);
  });

  it("refuse a file that does not parse instead of passing it", () => {
    expect(() => findings("sandbox/clock.ts", "import {")).toThrow("sandbox/clock.ts does not parse");
  });
});

describe("circles of imports", () => {
  it("are nowhere in the project", () => {
    const sources = read(projectFiles().filter(isCode));

    expect(sources.length).toBeGreaterThan(100);
    expect(importCircles(sources)).toEqual([]);
  });

  it("are found at the import that closes them, by static, dynamic and re-exported imports", () => {
    const found = importCircles([
      { path: "lib/a.ts", text: 'import { b } from "./b.ts";' },
      { path: "lib/b.ts", text: 'export * from "./c.ts";' },
      { path: "lib/c.ts", text: '\nconst a = await import("./a.ts");' },
    ]);

    expect(found).toEqual([
      {
        path: "lib/c.ts",
        line: 2,
        text: expect.stringContaining("lib/a.ts → lib/b.ts → lib/c.ts → lib/a.ts"),
      },
    ]);
  });

  it("are not closed by an import of a type", () => {
    const found = importCircles([
      { path: "lib/a.ts", text: 'import { b } from "./b.ts";' },
      { path: "lib/b.ts", text: 'import type { A } from "./a.ts";\ntype B = typeof import("./a.ts");' },
    ]);

    expect(found).toEqual([]);
  });
});
