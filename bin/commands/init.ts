import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";

/** `watchdog init SERVICE`: a plan to start from. Writes one file, and never over another. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("write a plan to start from, with comments; it only observes until you say otherwise")
    .argument("<service>", "name of the service: lower-case letters, digits and hyphens")
    .option("--file <file>", "where it is written; plans/<service>.yaml unless given")
    .option("--json", "the file's name in one JSON object")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog init checkout\n  watchdog init checkout --file rollback/checkout.yaml\n",
    )
    .action(async (service: string, options: { file?: string; json?: boolean }) => {
      const [{ startingPlan }, { loadPlan }] = await Promise.all([
        import("../../lib/plan/starting-plan.ts"),
        import("../../lib/plan/load.ts"),
      ]);
      const file = options.file ?? join("plans", `${service}.yaml`);
      const schema = join(import.meta.dirname, "..", "..", "schema", "plan.schema.json");
      const text = startingPlan(service, relative(dirname(resolve(file)), schema));
      const [problem] = loadPlan({ file, text }).problems;
      if (problem)
        throw new Error(
          `${JSON.stringify(service)} is no name of a service. Nothing was written. Please ${problem.instead}.`,
        );
      if (existsSync(file))
        throw new Error(`${file} exists already. Nothing was written. Name another one with --file.`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(
        options.json
          ? JSON.stringify({ file })
          : `${file} is written. Put in your own names, then:\n  npx watchdog validate ${file}\n  npx watchdog notify --preview ${file}\n  npx cdk synth -c plan=${file}`,
      );
    });
}
