import type { Command } from "commander";

/** `watchdog validate FILE…`: every problem of every plan at once. Exit 0 when there is none, 1 when there is one. */
export function addValidate(program: Command): void {
  program
    .command("validate")
    .description("check plans: schema, references and plan rules")
    .argument("<files...>", "plan files")
    .option("--json", "the problems as one JSON list")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog validate plans/*.yaml\n  watchdog validate plans/llm-research-lab.yaml --json\n",
    )
    .action(async (files: string[], options: { json?: boolean }) => {
      const { loadPlan, problemText } = await import("../../lib/plan/load.ts");
      const found = files.map((file) => ({ file, problems: loadPlan(file).problems }));
      const problems = found.flatMap((each) => each.problems);
      if (options.json) console.log(JSON.stringify(problems));
      else
        for (const { file, problems: own } of found) {
          if (own.length === 0) console.log(`${file}: no problems`);
          for (const problem of own) console.log(problemText(problem));
        }
      process.exitCode = problems.length > 0 ? 1 : 0;
    });
}
