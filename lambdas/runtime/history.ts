import {
  type AttributeValue,
  ConditionalCheckFailedException,
  PutItemCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { ReportAnswer, RunContext } from "./protocol.ts";
import { dynamodb, keys } from "./store.ts";

/** One row of the append-only history: a run's beginning; its end is added by {@link recordEnd}. */
export async function recordStart(table: string, run: RunContext): Promise<void> {
  try {
    await dynamodb().send(
      new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: keys.partition(run.service) },
          sk: { S: keys.run(run.id) },
          startedAt: { S: run.startedAt },
          reason: { S: run.reason },
          trigger: { S: JSON.stringify(run.trigger) },
          dryRun: { BOOL: run.dryRun },
          ...(run.redeploys === undefined ? {} : { redeploys: { S: run.redeploys } }),
        },
        ConditionExpression: "attribute_not_exists(sk)",
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error; // admit was called again: the row is there
  }
}

/** The row of a run's end, written once; `ending` is what people call the outcome. */
export async function recordEnd(
  table: string,
  run: Pick<RunContext, "id" | "service">,
  outcome: string,
  now: number,
  { ending, report }: { ending?: string | undefined; report?: ReportAnswer | null | undefined } = {},
): Promise<void> {
  await dynamodb().send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: keys.partition(run.service) }, sk: { S: keys.run(run.id) } },
      UpdateExpression:
        "SET outcome = if_not_exists(outcome, :outcome), endedAt = if_not_exists(endedAt, :now), ending = if_not_exists(ending, :ending), report = if_not_exists(report, :report)",
      ExpressionAttributeValues: {
        ":outcome": { S: outcome },
        ":now": { S: new Date(now).toISOString() },
        ":ending": { S: ending ?? outcome },
        // Nothing is written as an empty text.
        ":report": { S: report ? `${report.bucket}/${report.key}` : "" },
      },
    }),
  );
}

/** Where the report of a run is that had ended before it was written. */
export async function recordReport(
  table: string,
  run: Pick<RunContext, "id" | "service">,
  { bucket, key }: ReportAnswer,
): Promise<void> {
  await dynamodb().send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: keys.partition(run.service) }, sk: { S: keys.run(run.id) } },
      UpdateExpression: "SET report = :report",
      ExpressionAttributeValues: { ":report": { S: `${bucket}/${key}` } },
    }),
  );
}

/** Rollbacks begun since a moment, with their outcome. Joins and ramps do not count, and dry runs only when asked for. */
export async function runsSince(
  table: string,
  service: string,
  since: number,
  { dryRuns = false } = {},
): Promise<
  {
    id: string;
    startedAt: string;
    endedAt: string | undefined;
    outcome: string | undefined;
    /** What people call the outcome; absent in rows of a run that has not ended. */
    ending: string | undefined;
  }[]
> {
  const rows: Record<string, AttributeValue>[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    // A page is a megabyte; what lies behind it counts against the budget too.
    const page: QueryCommandOutput = await dynamodb().send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :run)",
        ExpressionAttributeValues: { ":pk": { S: keys.partition(service) }, ":run": { S: "RUN#" } },
        ConsistentRead: true,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows
    .filter(
      (item) =>
        item["startedAt"]?.S !== undefined &&
        item["redeploys"] === undefined &&
        (dryRuns || item["dryRun"]?.BOOL !== true) &&
        Date.parse(item["startedAt"].S) >= since,
    )
    .map((item) => ({
      id: item["sk"]!.S!.slice("RUN#".length),
      startedAt: item["startedAt"]!.S!,
      endedAt: item["endedAt"]?.S,
      outcome: item["outcome"]?.S,
      ending: item["ending"]?.S,
    }));
}
