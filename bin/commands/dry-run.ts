import type { Command } from "commander";
import { type AwsOptions, answer, ofService } from "./aws.ts";
import { rehearsed } from "./preflight.ts";

/** `watchdog dry-run PLAN`: every call that a rollback beginning now would make, and what IAM says of it. */
export function addDryRun(program: Command): void {
  program
    .command("dry-run")
    .description(
      "what a rollback that began now would do: each step's change and calls in order, what IAM says of them, time, cost, loss; nothing is changed",
    )
    .argument("<plan>", "plan file, or the name of one in plans/")
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      "\nExit code: 0 it could be carried out, 1 it could not, 3 nothing was tried because a run is under way.\n" +
        "\nExamples:\n  watchdog dry-run plans/llm-research-lab.yaml\n  watchdog dry-run llm-research-lab --json\n",
    )
    .action(async (given: string, options: AwsOptions) => {
      // Loaded here: a plan's schema would keep every other command waiting.
      const [{ loadPlanOrThrow, planHash }, { planFileOf }, { dryRunOf, dryRunText }] = await Promise.all([
        import("../../lib/plan/load.ts"),
        import("../plan-file.ts"),
        import("../dry-run.ts"),
      ]);
      const plan = loadPlanOrThrow(planFileOf(given));
      return ofService(plan.service, async () => {
        const report = await rehearsed(options, plan.service);
        if ("skipped" in report) {
          answer(options, `Nothing was tried: ${report.skipped}.`, { service: plan.service, ...report });
          process.exitCode = 3;
          return;
        }
        const found = dryRunOf(plan, report, report.plan === planHash(plan));
        answer(options, dryRunText(found), found);
        process.exitCode = found.executable ? 0 : 1;
      });
    });
}
