import type { Command } from "commander";
import { clusterAccessText, clusterGrants, clusterManifests } from "../../lib/plan/cluster-access.ts";
import { loadPlanOrThrow } from "../../lib/plan/load.ts";
import { registries } from "../../lib/plan/registries.ts";

/** `watchdog cluster-access FILE`: what an EKS cluster's owner applies so that the plan's roles may do their steps there. */
export function addClusterAccess(program: Command): void {
  program
    .command("cluster-access")
    .description("print the Kubernetes roles that a plan's steps need in an EKS cluster, for kubectl apply")
    .argument("<file>", "plan file")
    .option("--cluster <name>", "one of several clusters that the plan works in")
    .option("--json", "as a Kubernetes List in JSON, which kubectl takes too")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog cluster-access plans/llm-orchestrator.yaml | kubectl apply -f -\n  watchdog cluster-access plans/shop.yaml --cluster prod-eu\n",
    )
    .action((file: string, options: { cluster?: string; json?: boolean }) => {
      const plan = loadPlanOrThrow(file);
      const grants = clusterGrants(plan, registries);
      const clusters = [...new Set(grants.map(({ cluster }) => cluster))];
      const cluster = options.cluster ?? (clusters.length === 1 ? clusters[0] : undefined);
      if (cluster && clusters.includes(cluster)) {
        const own = grants.filter((each) => each.cluster === cluster);
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ apiVersion: "v1", kind: "List", items: clusterManifests(plan.service, own) })}\n`
            : clusterAccessText(plan.service, cluster, grants),
        );
        return;
      }
      console.error(
        clusters.length === 0
          ? `${file} works in no cluster: nothing is to be applied.`
          : `${file} works in ${clusters.join(", ")}. Nothing was printed. Say which with --cluster.`,
      );
      process.exitCode = 1;
    });
}
