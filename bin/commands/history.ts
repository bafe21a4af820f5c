import { type AttributeValue, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { tableName } from "../../lib/names.ts";
import { type AwsOptions, answer, dynamodb, ofService, partitionOf } from "./aws.ts";

/** A run as the table remembers it. */
export interface PastRun {
  run: string;
  startedAt: string;
  endedAt?: string;
  /** Absent while it is under way, or when it was stopped. */
  outcome?: string;
  reason: string;
  dryRun: boolean;
}

/** Runs of a service, newest first. */
export async function pastRuns(options: AwsOptions, service: string, limit: number): Promise<PastRun[]> {
  const client = dynamodb(options);
  const rows: Record<string, AttributeValue>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName(service),
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :run)",
        // Alarms that joined a run have rows below it, without a start of their own.
        FilterExpression: "attribute_exists(startedAt)",
        ExpressionAttributeValues: { ":pk": partitionOf(service), ":run": { S: "RUN#" } },
        ExclusiveStartKey: from,
      }),
    );
    rows.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return rows
    .map((row) => ({
      run: row["sk"]!.S!.slice("RUN#".length),
      startedAt: row["startedAt"]!.S!,
      ...(row["endedAt"]?.S ? { endedAt: row["endedAt"].S } : {}),
      ...(row["outcome"]?.S ? { outcome: row["outcome"].S } : {}),
      reason: row["reason"]?.S ?? "",
      dryRun: row["dryRun"]?.BOOL ?? false,
    }))
    .toSorted((left, right) => right.startedAt.localeCompare(left.startedAt))
    .slice(0, limit);
}

export const runLine = ({ run, startedAt, endedAt, outcome, reason, dryRun }: PastRun) =>
  `${startedAt}  ${(outcome ?? "no end recorded").padEnd(15)}  ${duration(startedAt, endedAt).padStart(8)}  ${run}${dryRun ? " (dry run)" : ""}  ${reason.slice(0, 80)}`;

function duration(startedAt: string, endedAt: string | undefined): string {
  if (endedAt === undefined) return "";
  const seconds = Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

/** `watchdog history SERVICE`: the line that runbook R18 writes by hand. */
export function addHistory(program: Command): void {
  program
    .command("history")
    .description("runs of a service, newest first")
    .argument("<service>")
    .option("--limit <number>", "how many", "20")
    .option("--region <region>")
    .option("--json")
    .action((service: string, options: AwsOptions & { limit: string }) =>
      ofService(service, async () => {
        const limit = Number(options.limit);
        if (!Number.isInteger(limit) || limit < 1)
          throw new Error(`"${options.limit}" is no number of runs. Write a whole number above zero.`);
        const runs = await pastRuns(options, service, limit);
        answer(options, runs.length > 0 ? runs.map(runLine).join("\n") : `${service} has had no run.`, runs);
      }),
    );
}
