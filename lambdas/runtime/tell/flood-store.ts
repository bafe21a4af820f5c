import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamodb, tellKeys } from "../store.ts";
import { type Flood, fold, NO_FLOOD, type Wanting } from "./flood.ts";

/** Times that two notices at once may get in each other's way. */
const TRIES = 20;

export interface Admitted {
  send: boolean;
  folded: string[];
  foldedCount: number;
}

/**
 * Asks for a place among an audience's mails of this minute. A guard that cannot be asked stops nobody: an urgent
 * notice goes out, anything else does when the table answers again.
 */
export async function admitMail(
  given: { table: string; service: string; audience: string; mostPerMinute: number },
  notice: Wanting,
  now: number,
): Promise<Admitted> {
  const key = { pk: { S: tellKeys.partition(given.service) }, sk: { S: tellKeys.flood(given.audience) } };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const before = await read(given.table, key);
    const { after, ...admitted } = fold(before, notice, now, given.mostPerMinute);
    try {
      await dynamodb().send(
        new PutItemCommand({
          TableName: given.table,
          Item: { ...key, version: { N: String(after.version) }, flood: { S: JSON.stringify(after) } },
          ConditionExpression: "attribute_not_exists(version) OR version = :seen",
          ExpressionAttributeValues: { ":seen": { N: String(before.version) } },
        }),
      );
      return admitted;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  // So many at once is the storm that this is for.
  return { send: notice.urgent, folded: [], foldedCount: 0 };
}

async function read(TableName: string, Key: { pk: { S: string }; sk: { S: string } }): Promise<Flood> {
  const { Item } = await dynamodb().send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  const text = Item?.["flood"]?.S;
  return text === undefined ? NO_FLOOD : (JSON.parse(text) as Flood);
}
