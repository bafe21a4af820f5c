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
      const { validateFiles, validationText } = await import("../../lib/plan/validate.ts");
      const found = validateFiles(files);
      const problems = found.flatMap((each) => each.problems);
      console.log(options.json ? JSON.stringify(problems) : validationText(found));
      process.exitCode = problems.length > 0 ? 1 : 0;
    });
}
