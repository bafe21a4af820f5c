import { userInfo } from "node:os";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { practiceName } from "../../lib/names.ts";
import type { PracticeEndAnswer } from "../../lib/workflow/practice.ts";
import { type AwsOptions, answer, ofService, stateMachineArn, states } from "./aws.ts";

/** Machine milliseconds between two looks at a practice, which takes as long as a restore. */
const LOOK_AGAIN = 1000;

interface PracticeOptions extends AwsOptions {
  by: string;
  wait: boolean;
  clean?: string;
}

/** `watchdog practice SERVICE`: does the restore work, now? Exit 0 when it does within its objectives, 1 when not, 3 when it did not start. */
export function addPractice(program: Command): void {
  program
    .command("practice")
    .description(
      "restore to throw-away copies beside the live service, check and measure them, and delete them again",
    )
    .argument("<service>")
    .option("--no-wait", "start it and come back; its mail says what came of it")
    .option("--clean <practice>", "instead: delete what a practice that was cut short left behind")
    .option("--by <name>", "who asked for it", userInfo().username)
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      "\nIt takes as long as a restore; Ctrl-C leaves it running. The copies are billed until they are deleted.\n" +
        "\nExit code: 0 the restore works within its objectives and nothing is left, 1 it does not, 3 it did not start or gave way.\n" +
        "\nExamples:\n  watchdog practice llm-research-lab\n  watchdog practice llm-research-lab --no-wait --json\n",
    )
    .action((service: string, options: PracticeOptions) =>
      ofService(service, async () => {
        const { by, clean, wait } = options;
        const client = states(options);
        const executionArn = await started(client, service, {
          stateMachineArn: await stateMachineArn(options, service, undefined, practiceName(service)),
          input: JSON.stringify({ by, ...(clean ? { clean } : {}) }),
        });
        const practice = clean ?? executionArn.split(":").at(-1)!;
        if (!wait)
          return answer(
            options,
            `Practice started: ${executionArn}\nLook with: watchdog history ${service}`,
            { service, practice, executionArn },
          );
        const ended = await endOf(client, executionArn, options.json ? () => {} : console.error);
        if ("skipped" in ended) {
          answer(options, `Nothing was practised: ${ended.skipped}.`, { service, practice, ...ended });
          process.exitCode = 3;
          return;
        }
        answer(options, text(service, practice, ended), { service, practice, ...ended });
        process.exitCode = !ended.good ? 1 : ended.outcome === "practice gave way" ? 3 : 0;
      }),
    );
}

async function started(
  client: SFNClient,
  service: string,
  given: { stateMachineArn: string; input: string },
): Promise<string> {
  try {
    return (await client.send(new StartExecutionCommand(given))).executionArn!;
  } catch (error) {
    if ((error as Error).name !== "StateMachineDoesNotExist") throw error;
    throw new Error(
      `There is no ${practiceName(service)} in this account and region, so nothing of ${service} is practised. Nothing was made. ` +
        "Give its plan a section `practice:` and deploy it, or check the service's name, AWS_PROFILE and AWS_REGION.",
      { cause: error },
    );
  }
}

/** Waits for the end; says each part as it begins. A practice that failed has its verdict as cause. */
async function endOf(
  client: SFNClient,
  executionArn: string,
  say: (line: string) => void,
): Promise<PracticeEndAnswer | { skipped: string }> {
  let said = "";
  for (;;) {
    const { status, output, error, cause } = await client.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 20 }),
    );
    const now = events.find(({ stateEnteredEventDetails: entered }) => entered?.name)
      ?.stateEnteredEventDetails?.name;
    if (now && now !== said) say(now);
    said = now ?? said;
    if (status === "SUCCEEDED") return JSON.parse(output!) as PracticeEndAnswer | { skipped: string };
    if (status === "FAILED" && error === "PracticeFailed") return JSON.parse(cause!) as PracticeEndAnswer;
    if (status !== "RUNNING" && status !== "PENDING_REDRIVE")
      throw new Error(
        `The practice ended ${status}: ${error ?? "no error"} ${cause ?? ""}. The live service was not touched, and what the practice had made is deleted by itself. Look at ${executionArn}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}

function text(service: string, practice: string, { line, left, report }: PracticeEndAnswer): string {
  return [
    `${service}: ${line}`,
    ...left.map(
      ({ arn, why, usdPerDay }) =>
        `STILL THERE  ${arn}${usdPerDay === null ? "" : ` (about USD ${usdPerDay.toFixed(2)} a day)`}: ${why}`,
    ),
    ...(report ? [`Report: watchdog report ${practice} --service ${service} --open`] : []),
  ].join("\n");
}
