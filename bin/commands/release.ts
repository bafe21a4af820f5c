import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, ExecutionDoesNotExist } from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { type AwsOptions, answer, dynamodb, keyOf, ofService, stateMachineArn, states } from "./aws.ts";
import { joinedTo } from "./joined.ts";

/** `watchdog release SERVICE`: gives back the lock of a run that failed, was stopped, or ran out of time. */
export function addRelease(program: Command): void {
  program
    .command("release")
    .description("give back the lock that a failed or stopped run kept; runs may start again")
    .argument("<service>")
    .option("--region <region>")
    .option("--json")
    .addHelpText("after", "\nExample:\n  watchdog release llm-research-lab\n")
    .action((service: string, options: AwsOptions) =>
      ofService(service, async () => {
        const client = dynamodb(options);
        const { Item } = await client.send(
          new GetItemCommand({ ...keyOf(service, "LOCK"), ConsistentRead: true }),
        );
        const [state, run] = [Item?.["state"]?.S ?? "free", Item?.["runId"]?.S ?? ""];
        if (!(await releasable(options, service, state, run)))
          throw new Error(`No run keeps the lock of ${service} (it is ${state}). Nothing was changed.`);
        try {
          await client.send(
            new UpdateItemCommand({
              ...keyOf(service, "LOCK"),
              UpdateExpression: "SET #state = :free",
              ConditionExpression: "#state = :state AND runId = :run",
              ExpressionAttributeNames: { "#state": "state" },
              ExpressionAttributeValues: {
                ":free": { S: "free" },
                ":state": { S: state },
                ":run": { S: run },
              },
            }),
          );
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          throw new Error(
            `The lock of ${service} changed while it was released. Nothing was changed. Look again.`,
          );
        }
        const joined = await joinedTo(options, service, run);
        answer(
          options,
          [`The lock of ${service}, held by run ${run}, is free.`, ...unanswered(service, joined)].join("\n"),
          {
            service,
            run,
            state: "free",
            joined,
          },
        );
      }),
    );
}

/** An alarm rings once: what rang while the lock was kept begins no run when it is free again. */
const unanswered = (service: string, joined: string[]): string[] =>
  joined.length === 0
    ? []
    : [
        "While the run held it, this was added to it and began no run of its own:",
        ...joined.map((text) => `  ${text}`),
        `If it still holds: watchdog run ${service} --reason "…"`,
      ];

/** A failed run keeps its lock; one that was stopped, or ran out of time, could not say that it ended. */
async function releasable(
  options: AwsOptions,
  service: string,
  state: string,
  run: string,
): Promise<boolean> {
  if (state === "kept") return true;
  if (state === "claimed")
    throw new Error(
      `Run ${run} of ${service} is about to begin. Nothing was changed. A claim that no run follows gives way to the next alarm after ten minutes.`,
    );
  if (state !== "running") return false;
  const executionArn = await stateMachineArn(options, service, run);
  try {
    const { status } = await states(options).send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "RUNNING" && status !== "PENDING_REDRIVE") return true;
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist)) throw error;
    return true;
  }
  throw new Error(
    `Run ${run} of ${service} is under way. Nothing was changed. To stop it before its next change: watchdog freeze ${service} --until <time>`,
  );
}
