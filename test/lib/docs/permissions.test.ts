import { beforeAll, describe, expect, it } from "vitest";
import { permissionsPage } from "../../../lib/docs/permissions.ts";
import { sampleArn } from "../../../lib/docs/sample.ts";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { registries } from "../../../lib/plan/registries.ts";
import { NEVER } from "../../../lib/roles.ts";

const PLAN = "plans/llm-research-lab.yaml";
const steps = loadPlanOrThrow(PLAN).stages.flatMap((stage) => stage.steps);
let sections: Map<string, string>;

beforeAll(() => {
  const parts = permissionsPage(PLAN, registries).split(/^## /m);
  sections = new Map(
    parts.slice(1).map((text) => [text.slice(0, text.indexOf("\n")).replaceAll("`", ""), text] as const),
  );
});

describe("The page of permissions", () => {
  it.each(steps.map((step) => [step.action, step]))(
    "gives the role that changes for %s what its spec asks for",
    (kind, step) => {
      const { write, revert = [] } = registries.actions[kind]!.permissions(step.with as never, sampleArn);
      const section = sections.get(`Writer-${kind}`);

      for (const action of [...write, ...revert].flatMap(({ actions }) => actions))
        expect(section).toContain(`\`${action}\``);
      expect(section).toContain(`- \`Write-${kind}\``);
    },
  );

  it("shows that the reading role holds nothing that only apply or revert call", () => {
    const reader = sections.get("ReaderRole");

    for (const { action, with: given } of steps) {
      const { read, write } = registries.actions[action]!.permissions(given as never, sampleArn);
      const reads = new Set(read.flatMap(({ actions }) => actions));
      for (const each of write.flatMap(({ actions }) => actions).filter((name) => !reads.has(name)))
        if (!/:(Get|Describe|List)/.test(each)) expect(reader).not.toContain(`\`${each}\``);
      for (const each of reads) expect(reader).toContain(`\`${each}\``);
    }
  });

  it("names every delete that is denied, once, and which roles hold the Deny", () => {
    for (const action of NEVER) expect(sections.get("The Deny on deletes")).toContain(`\`${action}\``);
    const functionRoles = [...sections].filter(([, text]) => text.includes("\nFunctions:\n"));

    expect(functionRoles.length).toBeGreaterThan(8);
    for (const [, text] of functionRoles) expect(text).toContain("And the Deny on deletes.");
  });
});
