import { readdirSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../lib/synthesize.ts";

// `cdk synth` and `cdk deploy` run this. All plans of plans/, or the one that `-c plan=plans/orders.yaml` names.
// CDK says in its variables what was given with -c, and where the result goes.
const { plan } = JSON.parse(process.env["CDK_CONTEXT_JSON"] ?? "{}") as { plan?: string };
try {
  const files = plan
    ? [plan]
    : readdirSync("plans")
        .filter((file) => /\.ya?ml$/.test(file))
        .map((file) => join("plans", file));
  const { stacks, summary } = await synthesize(files, process.env["CDK_OUTDIR"] ?? "cdk.out");
  for (const each of stacks) console.error(`${each.name}: ${each.summary}`);
  console.error(summary);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error("Nothing was synthesized.");
  process.exitCode = 1;
}
