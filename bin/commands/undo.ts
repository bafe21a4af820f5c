import { userInfo } from "node:os";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { undoName } from "../../lib/names.ts";
import { type AwsOptions, answer, ofService, stateMachineArn, states } from "./aws.ts";

/** `watchdog undo SERVICE RUN --reason TEXT`: takes a rollback that ended well back, by its own recorded inverses. */
export function addUndo(program: Command): void {
  program
    .command("undo")
    .description("take a rollback that ended well back: every step reverted, newest first, and verified")
    .argument("<service>")
    .argument("<run>", "id of the run, as watchdog history shows it")
    .requiredOption("--reason <text>", "why; it is in every mail and in the report")
    .option("--dry-run", "show what would be taken back, and change nothing", false)
    .option("--by <name>", "who asked for it", userInfo().username)
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      '\nExample:\n  watchdog undo llm-research-lab error-rate-immediate-0f3a --reason "the release was not the cause" --dry-run\n',
    )
    .action(
      (service: string, run: string, options: AwsOptions & { reason: string; dryRun: boolean; by: string }) =>
        ofService(service, async () => {
          const { reason, dryRun, by } = options;
          const { executionArn } = await states(options).send(
            new StartExecutionCommand({
              stateMachineArn: (await stateMachineArn(options, service)).replace(/[^:]+$/, undoName(service)),
              input: JSON.stringify({ undo: run, reason: `take back ${run}: ${reason}`, dryRun, by }),
            }),
          );
          answer(
            options,
            `${dryRun ? "Dry run of undoing" : "Undoing"} ${run} started: ${executionArn}\nLook with: watchdog status ${service}`,
            { service, run, executionArn, dryRun },
          );
        }),
    );
}
