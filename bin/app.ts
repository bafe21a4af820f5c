import { readdirSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../lib/synthesize.ts";

// `cdk synth` and `cdk deploy` run this. CDK says where the result goes.
const plans = readdirSync("plans")
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => join("plans", file));
try {
  const { stacks } = await synthesize(plans, process.env["CDK_OUTDIR"] ?? "cdk.out");
  for (const { name, summary } of stacks) console.error(`${name}: ${summary}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error("Nothing was synthesized.");
  process.exitCode = 1;
}
