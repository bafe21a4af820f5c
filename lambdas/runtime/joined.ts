import { PutItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamodb, keys } from "./store.ts";

/** An alarm or event that found another run at work. */
export interface Joined {
  /** Sort key of its row. */
  row: string;
  /** What happened, in words. */
  text: string;
  /** The event as it was delivered. */
  event: unknown;
}

/** One line on the running run's timeline; the same event twice is one line. */
export async function join(
  table: string,
  service: string,
  runId: string,
  asked: { run: string; what: string },
  event: unknown,
): Promise<void> {
  await dynamodb().send(
    new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: keys.partition(service) },
        sk: { S: keys.joined(runId, asked.run) },
        text: { S: asked.what },
        event: { S: JSON.stringify(event) },
      },
    }),
  );
}

/** What joined a run and has not been handed back. */
export async function waiting(table: string, service: string, runId: string): Promise<Joined[]> {
  const pages = paginateQuery(
    { client: dynamodb() },
    {
      TableName: table,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :joined)",
      FilterExpression: "attribute_not_exists(handedBack)",
      ExpressionAttributeValues: {
        ":pk": { S: keys.partition(service) },
        ":joined": { S: keys.joined(runId, "") },
      },
      ConsistentRead: true,
    },
  );
  const found: Joined[] = [];
  for await (const { Items = [] } of pages)
    for (const { sk, text, event } of Items)
      if (sk?.S && event?.S)
        found.push({ row: sk.S, text: text?.S ?? "", event: JSON.parse(event.S) as unknown });
  return found;
}

/** Marks one as handed back, once that is sure. */
export async function handedBack(table: string, service: string, row: string, now: number): Promise<void> {
  await dynamodb().send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: keys.partition(service) }, sk: { S: row } },
      UpdateExpression: "SET handedBack = :now",
      ExpressionAttributeValues: { ":now": { S: new Date(now).toISOString() } },
    }),
  );
}
