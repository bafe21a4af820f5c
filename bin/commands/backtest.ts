import type { Command } from "commander";
import type { AwsOptions } from "./aws.ts";

/** `watchdog backtest PLAN --days N`: what the plan would have done, before it is trusted to do it. */
export function addBacktest(program: Command): void {
  program
    .command("backtest")
    .description(
      "replay the past through a plan's own decisions: when it would have rolled back, and how often without a deployment",
    )
    .argument("<plan>", "the plan's file")
    .option("--days <number>", "how far back", "90")
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog backtest plans/llm-research-lab.yaml\n  watchdog backtest plans/llm-research-lab.yaml --days 14 --json\n",
    )
    .action(async (file: string, options: AwsOptions & { days: string }) => {
      const days = Number(options.days);
      if (!Number.isInteger(days) || days < 1 || days > 455)
        throw new Error(`"${options.days}" is no number of days that CloudWatch keeps. Write 1 to 455.`);
      const { backtestPlan } = await import("../backtest.ts");
      await backtestPlan(file, options, days);
    });
}
