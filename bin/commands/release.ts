import { ConditionalCheckFailedException, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { type AwsOptions, answer, dynamodb, keyOf } from "./aws.ts";

/** `watchdog release SERVICE`: gives back the lock that a failed run kept for a person. */
export function addRelease(program: Command): void {
  program
    .command("release")
    .description("give back the lock that a failed run kept; runs may start again")
    .argument("<service>")
    .option("--region <region>")
    .option("--json")
    .addHelpText("after", "\nExample:\n  watchdog release llm-research-lab\n")
    .action(async (service: string, options: AwsOptions) => {
      const client = dynamodb(options);
      const { Item } = await client.send(
        new GetItemCommand({ ...keyOf(service, "LOCK"), ConsistentRead: true }),
      );
      const [state, run] = [Item?.["state"]?.S, Item?.["runId"]?.S];
      if (state !== "kept")
        throw new Error(
          `No failed run keeps the lock of ${service} (it is ${state ?? "free"}). Nothing was changed.`,
        );
      try {
        await client.send(
          new UpdateItemCommand({
            ...keyOf(service, "LOCK"),
            UpdateExpression: "SET #state = :free",
            ConditionExpression: "#state = :kept AND runId = :run",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: {
              ":free": { S: "free" },
              ":kept": { S: "kept" },
              ":run": { S: run! },
            },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        throw new Error(
          `The lock of ${service} changed while it was released. Nothing was changed. Look again.`,
        );
      }
      answer(options, `The lock of ${service}, kept by run ${run}, is free.`, {
        service,
        run,
        state: "free",
      });
    });
}
