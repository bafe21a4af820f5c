import { PutItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { readRow } from "./rows.ts";
import { dynamodb, keys } from "./store.ts";

/** Sort key of what joined a run: nothing else of the table is taken for an event. */
const ROW = /^RUN#[^#]+#JOINED#[^#]+$/;

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

/** Says of one that it goes back to the bus now: only then is an event believed that tells of it. */
export async function handingBack(
  table: string,
  service: string,
  row: string,
  { now, afterRamp }: { now: number; afterRamp: boolean },
): Promise<void> {
  await dynamodb().send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: keys.partition(service) }, sk: { S: row } },
      UpdateExpression: "SET handing = :now, afterRamp = :afterRamp",
      ExpressionAttributeValues: {
        ":now": { S: new Date(now).toISOString() },
        ":afterRamp": { BOOL: afterRamp },
      },
    }),
  );
}

/**
 * An event that went back to the bus, as it was kept when it joined a run: whoever may put events on the bus could write
 * another one. Text instead: why there is none.
 *
 * @param longest milliseconds since it went back, after which nothing delivers it any more
 */
export async function comeBack(
  table: string,
  service: string,
  row: unknown,
  { now, longest }: { now: number; longest: number },
): Promise<{ event: unknown; afterRamp: boolean } | string> {
  const known = typeof row === "string" && ROW.test(row);
  const kept = known ? await readRow(table, keys.partition(service), row) : undefined;
  if (kept?.["event"]?.S === undefined)
    return "an event says that it had joined a run, and nothing of it is in the table";
  const went = Date.parse(kept["handing"]?.S ?? "");
  if (!(now - went <= longest))
    return `an event says that it had joined a run, and ${String(row)} was not handed back just now`;
  return { event: JSON.parse(kept["event"].S) as unknown, afterRamp: kept["afterRamp"]?.BOOL === true };
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
