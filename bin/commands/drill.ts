import { resolve } from "node:path";
import type { Command } from "commander";
import { Interrupted, onInterrupt } from "../interrupt.ts";

/** `watchdog drill [PLAN]`: the main job on this machine, no AWS account. Exit 0 only if everything expected held. */
export function addDrill(program: Command): void {
  program
    .command("drill")
    .description("break a scenario's service in a local sandbox and watch the plan repair it")
    .argument("[plan]", "name of a plan in plans/ that has a scenario", "llm-research-lab")
    .option("--speed <factor>", "sandbox seconds for each second of this machine", Number, 60)
    .option("--seed <number>", "seed of the scenario's data", Number, 1)
    .option("--json", "the result as one JSON object; what happens meanwhile goes to standard error", false)
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog drill\n  watchdog drill llm-research-lab --speed 30 --seed 7\n",
    )
    .action(async (name: string, options: { speed: number; seed: number; json: boolean }) => {
      // Loaded here: the CDK and the sandbox would keep every other command waiting.
      const [{ drill }, { scenarios }, { endProcesses }] = await Promise.all([
        import("../drill/drill.ts"),
        import("../../scenarios/index.ts"),
        import("../../sandbox/sandbox.ts"),
      ]);
      const scenario = scenarios[name];
      if (!scenario) {
        const known = Object.keys(scenarios).join(", ");
        throw new Error(`There is no scenario ${name}. Nothing was started. Scenarios: ${known}.`);
      }
      const stop = new AbortController();
      onInterrupt((interrupted) => {
        process.stdout.write(`\n${interrupted.signal}: stopping everything …\n`);
        stop.abort(interrupted);
      });
      try {
        const held = await drill({
          planFile: resolve("plans", `${name}.yaml`),
          scenario,
          speed: options.speed,
          seed: options.seed,
          json: options.json,
          outputBase: process.cwd(),
          signal: stop.signal,
        });
        process.exitCode = held ? 0 : 1;
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        await endProcesses();
        process.stdout.write("Stopped. Nothing is left running.\n");
        // Whatever the drill still waits for would keep the program alive.
        process.exit(130);
      }
    });
}
