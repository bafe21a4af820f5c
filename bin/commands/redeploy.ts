import { userInfo } from "node:os";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { redeployName } from "../../lib/names.ts";
import {
  type AwsOptions,
  answer,
  callerArn,
  dynamodb,
  keyOf,
  ofService,
  stateMachineArn,
  states,
} from "./aws.ts";
import { isPossible, rampDryRun, rampDryRunText } from "./redeploy-dry-run.ts";

/** Machine milliseconds between two looks at whether it began. */
const LOOK_AGAIN = 500;

interface RedeployOptions extends AwsOptions {
  version: string;
  fixed: boolean;
  dryRun: boolean;
  reason: string;
  by: string;
}

/** `watchdog redeploy SERVICE --version V`: a fixed release goes out again in the steps of the plan. */
export function addRedeploy(program: Command): void {
  program
    .command("redeploy")
    .description(
      "bring a fixed release out again in the plan's steps, each held and measured; back a step at the first criterion that fires",
    )
    .argument("<service>")
    .requiredOption("--version <version>", "the version that goes out; another one than was rolled back from")
    .option("--fixed", "it is the version that was rolled back from, and it is fixed", false)
    .option("--dry-run", "what it would do, step by step, and what IAM says; nothing is changed", false)
    .option("--reason <text>", "why; it is in every mail", "it is fixed")
    .option("--by <name>", "who started it", userInfo().username)
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      "\nExit code: 0 it began, or the dry run found that it could; 1 it was refused, could not be started or would not be let in. Nothing was changed then.\n" +
        '\nExamples:\n  watchdog redeploy ai-reliability --version 2.4.1 --dry-run\n  watchdog redeploy ai-reliability --version 2.4.1\n  watchdog redeploy ai-reliability --version 2.4.0 --fixed --reason "the provider repaired it" --json\n',
    )
    .action((service: string, options: RedeployOptions) =>
      ofService(service, async () => {
        const executionArn = await started(options, service);
        if (options.dryRun) {
          const found = await rampDryRun(options, executionArn);
          answer(options, rampDryRunText(service, found), { service, ...found });
          process.exitCode = isPossible(found) ? 0 : 1;
          return;
        }
        const expiresAt = await begun(options, service, executionArn);
        const run = executionArn.split(":").at(-1)!;
        answer(
          options,
          `${options.version} of ${service} goes out again, step by step: ${executionArn}\nIt ends by ${expiresAt}. Look with: watchdog status ${service}\nTo stop it before its next change: watchdog freeze ${service} --until <time>`,
          { service, version: options.version, run, executionArn, expiresAt },
        );
      }),
    );
}

async function started(options: RedeployOptions, service: string): Promise<string> {
  const { version, fixed, dryRun, reason, by } = options;
  try {
    const { executionArn } = await states(options).send(
      new StartExecutionCommand({
        stateMachineArn: await stateMachineArn(options, service, undefined, redeployName(service)),
        input: JSON.stringify({ version, fixed, dryRun, reason, by, identity: await callerArn(options) }),
      }),
    );
    return executionArn!;
  } catch (error) {
    if ((error as Error).name !== "StateMachineDoesNotExist") throw error;
    throw new Error(
      `There is no ${redeployName(service)} in this account and region. Nothing was changed. Its plan needs a section "redeploy" (docs/redeploy.md); or check the service's name, AWS_PROFILE and AWS_REGION.`,
      { cause: error },
    );
  }
}

/** Until when the ramp may last, once it is on. */
async function begun(options: AwsOptions, service: string, executionArn: string): Promise<string> {
  for (;;) {
    const [{ Item }, { status, error, cause }] = await Promise.all([
      dynamodb(options).send(new GetItemCommand({ ...keyOf(service, "RAMP"), ConsistentRead: true })),
      states(options).send(new DescribeExecutionCommand({ executionArn })),
    ]);
    if (status !== "RUNNING")
      throw new Error(`The redeploy did not begin: ${error ?? status} ${cause ?? ""}. Nothing was changed.`);
    if (Item?.["executionArn"]?.S === executionArn) return Item["expiresAt"]?.S ?? "unknown";
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}
