import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { cliPage } from "../bin/cli-page.ts";
import { actionsPage } from "../lib/docs/actions.ts";
import { errorsPage } from "../lib/docs/errors.ts";
import { eventsPage } from "../lib/docs/events.ts";
import { noticesPage } from "../lib/docs/notices.ts";
import { permissionsPage } from "../lib/docs/permissions.ts";
import { planReferencePage } from "../lib/docs/plan-reference.ts";
import { rulesPage } from "../lib/docs/rules.ts";
import { clusterAccessText, clusterGrants } from "../lib/plan/cluster-access.ts";
import { SCHEMA_FILE } from "../lib/plan/emit-schema.ts";
import { planJsonSchemaText } from "../lib/plan/json-schema.ts";
import { loadPlanOrThrow } from "../lib/plan/load.ts";
import { registries } from "../lib/plan/registries.ts";
import { conclude, type Finding, ROOT } from "./sources.ts";

/** A committed file that is made from code; `npm run generate` writes it, `npm run check` makes it again and compares. */
export interface Generated {
  path: string;
  text(): string;
}

export const GENERATED: Generated[] = [
  { path: relative(ROOT, SCHEMA_FILE), text: planJsonSchemaText },
  { path: "docs/cli.md", text: cliPage },
  { path: "docs/actions.md", text: () => actionsPage(registries) },
  { path: "docs/errors.md", text: errorsPage },
  { path: "docs/events.md", text: eventsPage },
  { path: "docs/notices.md", text: noticesPage },
  { path: "docs/permissions.md", text: () => permissionsPage("plans/llm-research-lab.yaml", registries) },
  { path: "docs/plan-reference.md", text: () => planReferencePage(registries) },
  { path: "docs/rules.md", text: rulesPage },
  ...[
    ["llm-orchestrator", "llm-production"],
    ["llm-research-lab-cluster", "llm-research"],
  ].map(([plan = "", cluster = ""]) => ({
    path: `scenarios/${plan}/cluster-access.yaml`,
    text: () => accessOf(plan, cluster),
  })),
];

/** What a scenario's cluster lets the watchdog do: what `watchdog cluster-access` prints. */
function accessOf(name: string, cluster: string): string {
  const plan = loadPlanOrThrow(join(ROOT, `plans/${name}.yaml`));
  return clusterAccessText(plan.service, cluster, clusterGrants(plan, registries));
}

export function generatedFindings(generated: Generated[], root = ROOT): Finding[] {
  return generated.flatMap(({ path, text }) => {
    let committed: string | undefined;
    try {
      committed = readFileSync(join(root, path), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (committed === text()) return [];
    return [
      {
        path,
        line: 1,
        text: `${committed === undefined ? "is missing" : "is not current"}: npm run generate`,
      },
    ];
  });
}

if (import.meta.main) {
  if (process.argv.includes("--write"))
    for (const { path, text } of GENERATED) {
      writeFileSync(join(ROOT, path), text());
      console.error(`wrote ${path}`);
    }
  else conclude("Generated files", generatedFindings(GENERATED), GENERATED.length);
}
