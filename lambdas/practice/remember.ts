import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { PracticeOutcome, ReportAnswer, RunContext } from "../runtime/protocol.ts";
import { dynamodb, keys } from "../runtime/store.ts";

/**
 * A row of the history beside those of runs: budgets, past runs and deployments do not see it. Written whole at the
 * beginning and at the end.
 */
export async function remember(
  table: string,
  run: RunContext,
  ended?: {
    outcome: PracticeOutcome;
    line: string;
    at: string;
    restoreSeconds: number | null;
    lossSeconds: number | null;
    report: ReportAnswer | null;
  },
): Promise<void> {
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? undefined : { N: String(Math.round(value)) };
  const row = {
    pk: { S: keys.partition(run.service) },
    sk: { S: keys.practice(run.id) },
    startedAt: { S: run.startedAt },
    reason: { S: run.reason },
    ...(ended
      ? {
          outcome: { S: ended.outcome },
          verdict: { S: ended.line },
          endedAt: { S: ended.at },
          restoreSeconds: number(ended.restoreSeconds),
          lossSeconds: number(ended.lossSeconds),
          report: { S: ended.report ? `${ended.report.bucket}/${ended.report.key}` : "" },
        }
      : {}),
  };
  const Item = Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  await dynamodb().send(new PutItemCommand({ TableName: table, Item }));
}

/** When a practice began, ISO 8601; undefined when there was none of that name. */
export async function startOf(table: string, service: string, id: string): Promise<string | undefined> {
  const { Item } = await dynamodb().send(
    new GetItemCommand({
      TableName: table,
      Key: { pk: { S: keys.partition(service) }, sk: { S: keys.practice(id) } },
      ConsistentRead: true,
    }),
  );
  return Item?.["startedAt"]?.S;
}
