import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { registries } from "../../../lib/plan/registries.ts";
import { validateFiles } from "../../../lib/plan/validate.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { bindingsFor } from "../workflow/registries.ts";

const files = readdirSync("plans")
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => `plans/${file}`);
const built = Object.keys(registries.actions).length > 0;
if (!built) console.warn("plans.test.ts: no action is registered yet; the plans cannot be judged");

describe.skipIf(!built)("the plans in the repository", () => {
  it("keep every rule", () => {
    expect(files.length).toBeGreaterThan(0);
    expect(validateFiles(files).flatMap(({ problems }) => problems)).toEqual([]);
  });

  it.each(files)("%s compiles within what Step Functions holds", (file) => {
    const plan = loadPlanOrThrow(file);
    const { definition, estimate } = compileWorkflow(plan, registries, bindingsFor(registries));

    expect(estimate.historyEvents.worst).toBeLessThan(20_000);
    // The limit of a definition is 1 MB.
    expect(JSON.stringify(definition).length).toBeLessThan(1_000_000);
  });
});
