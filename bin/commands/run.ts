import { userInfo } from "node:os";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { type AwsOptions, answer, callerArn, ofService, stateMachineArn, states } from "./aws.ts";

/** `watchdog run SERVICE --reason TEXT [--dry-run]`: a person starts a run. */
export function addRun(program: Command): void {
  program
    .command("run")
    .description(
      "start a rollback by hand; with --dry-run it resolves every change, shows it, and changes nothing",
    )
    .argument("<service>")
    .requiredOption("--reason <text>", "why; it is in every mail and in the report")
    .option("--dry-run", "end after preflight", false)
    .option("--level <level>", "which stages run; all of them unless given")
    .option("--by <name>", "who started it", userInfo().username)
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      '\nExample:\n  watchdog run llm-research-lab --reason "release 1.3.0 damages data" --dry-run\n',
    )
    .action(
      (
        service: string,
        options: AwsOptions & { reason: string; dryRun: boolean; level?: string; by: string },
      ) =>
        ofService(service, async () => {
          const { reason, dryRun, level, by } = options;
          const { executionArn } = await states(options).send(
            new StartExecutionCommand({
              stateMachineArn: await stateMachineArn(options, service),
              input: JSON.stringify({
                reason,
                dryRun,
                by,
                identity: await callerArn(options),
                ...(level ? { level } : {}),
              }),
            }),
          );
          answer(
            options,
            `${dryRun ? "Dry run" : "Run"} started: ${executionArn}\nIf another run is under way, it joins that one and says so. Look with: watchdog status ${service}`,
            { service, executionArn, dryRun },
          );
        }),
    );
}
