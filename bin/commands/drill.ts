import { resolve } from "node:path";
import type { Command } from "commander";
import { Interrupted, onInterrupt } from "../interrupt.ts";
import { numberOf } from "../numbers.ts";

/** `watchdog drill [PLAN]`: the main job on this machine, no AWS account. Exit 0 only if everything expected held. */
export function addDrill(program: Command): void {
  program
    .command("drill")
    .description("break a scenario's service in a local sandbox and watch the plan repair it")
    .argument("[plan]", "name of a plan in plans/ that has a scenario", "llm-research-lab")
    .option("--all", "every plan that has a scenario, one after the other, and one table of them", false)
    .option(
      "--speed <factor>",
      "sandbox seconds for each second of this machine; without it as many as the machine can hold, up to 60",
      numberOf({ least: 0.1, most: 1000 }),
    )
    .option("--level <level>", "which of the plan's levels is broken, where the scenario can break several")
    .option("--seed <number>", "seed of the scenario's data", numberOf({ least: 0, whole: true }), 1)
    .option(
      "--break <call>",
      "also let a call of the plan's roles go wrong, again and again as you like; the run must end well, or fail and say so with nothing lost",
      (text: string, given: string[]) => [...given, text],
      [] as string[],
    )
    .option("--json", "the result as one JSON object; what happens meanwhile goes to standard error", false)
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog drill\n  watchdog drill llm-research-lab --speed 30 --seed 7\n  watchdog drill llm-research-lab-cluster --level canary\n  watchdog drill --all\n  watchdog drill --break kill:rds:RestoreDBInstanceToPointInTime\n  watchdog drill --break deny:route53:ChangeResourceRecordSets --break throttle:dynamodb:UpdateItem\n" +
        "\nA call is broken as kind:service:operation. Kinds:\n  throttle    the first five calls are turned away as too many\n  deny        every call is denied, as by a policy that somebody changed\n  fail        every call ends in an error of AWS's own\n  hang        the first call is answered an hour late\n  lose-reply  the first call is done, and its answer never arrives\n  kill        the function is killed right before its first call\n  kill-after  the function is killed right after its first call\n",
    )
    .action(
      async (
        name: string,
        options: {
          all: boolean;
          level?: string;
          speed?: number;
          seed: number;
          json: boolean;
          break: string[];
        },
      ) => {
        // Loaded here: the CDK and the sandbox would keep every other command waiting.
        const [{ drill }, { allLines, drillAll }, { breakOf }, { scenarios }, { endProcesses }] =
          await Promise.all([
            import("../drill/drill.ts"),
            import("../drill/all.ts"),
            import("../drill/breaks.ts"),
            import("../../scenarios/index.ts"),
            import("../../sandbox/sandbox.ts"),
          ]);
        if (!scenarios[name]) {
          const known = Object.keys(scenarios).join(", ");
          throw new Error(`There is no scenario ${name}. Nothing was started. Scenarios: ${known}.`);
        }
        if (options.level !== undefined && !scenarios[name].levels?.includes(options.level)) {
          const known = scenarios[name].levels?.join(", ") ?? "no levels to choose from";
          throw new Error(`${name} has no level ${options.level}. Nothing was started. It has ${known}.`);
        }
        const stop = new AbortController();
        onInterrupt((interrupted) => {
          process.stdout.write(`\n${interrupted.signal}: stopping everything …\n`);
          stop.abort(interrupted);
        });
        try {
          const one = (plan: string) =>
            drill({
              planFile: resolve("plans", `${plan}.yaml`),
              scenario: scenarios[plan]!,
              speed: options.speed,
              seed: options.seed,
              level: options.level,
              breaks: options.break.map(breakOf),
              json: options.json,
              outputBase: process.cwd(),
              signal: stop.signal,
            });
          if (!options.all) {
            process.exitCode = (await one(name)).held ? 0 : 1;
            return;
          }
          const attempts = await drillAll(Object.keys(scenarios), one, stop.signal);
          // With --json each drill printed its own object; the table is for people.
          const out = options.json ? process.stderr : process.stdout;
          out.write(`\n${allLines(attempts).join("\n")}\n`);
          process.exitCode = attempts.every((each) => "held" in each && each.held) ? 0 : 1;
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error;
          await endProcesses();
          process.stdout.write("Stopped. Nothing is left running.\n");
          // Whatever the drill still waits for would keep the program alive.
          process.exit(130);
        }
      },
    );
}
