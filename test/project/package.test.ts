import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackage } from "../../scripts/build.ts";
import { ROOT } from "../../scripts/sources.ts";

// Inside the project, so that the built files find its packages.
const CACHE = join(ROOT, "node_modules", ".cache");
let folder: string;

beforeAll(async () => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, "watchdog-package-"));
  await buildPackage(join(folder, "dist"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the published library", () => {
  it("is a plan in another CDK app in three lines, as plain JavaScript without the sources", () => {
    writeFileSync(
      join(folder, "app.mjs"),
      `import { App, Stack } from "aws-cdk-lib";
       import { buildBundles, RollbackWatchdog } from "./dist/lib/index.js";
       const app = new App({ outdir: ${JSON.stringify(join(folder, "cdk.out"))} });
       new RollbackWatchdog(new Stack(app, "Orders"), "Watchdog", {
         plan: ${JSON.stringify(join(ROOT, "plans", "llm-research-lab.yaml"))},
         bundles: await buildBundles(),
       });
       app.synth();`,
    );

    execFileSync(process.execPath, ["--no-experimental-strip-types", join(folder, "app.mjs")]);

    const template = JSON.parse(readFileSync(join(folder, "cdk.out", "Orders.template.json"), "utf8")) as {
      Resources: Record<string, { Type: string }>;
    };
    expect(Object.values(template.Resources).map(({ Type }) => Type)).toContain(
      "AWS::StepFunctions::StateMachine",
    );
  });

  it("brings its types and is what package.json points at", () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      exports: Record<string, { types: string; default: string }>;
    };

    for (const path of [exports["."]!.types, exports["."]!.default])
      expect(existsSync(join(folder, path)), path).toBe(true);
  });
});
