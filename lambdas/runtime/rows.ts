import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { dynamodb } from "./store.ts";

/** A row of the table in DynamoDB's own form. */
export type Row = Record<string, { S: string }>;

/** Reads one row of a partition, newest state; undefined when there is none. */
export async function readRow(
  table: string,
  partition: string,
  sortKey: string,
): Promise<Record<string, { S?: string; BOOL?: boolean }> | undefined> {
  const { Item } = await dynamodb().send(
    new GetItemCommand({
      TableName: table,
      Key: { pk: { S: partition }, sk: { S: sortKey } },
      ConsistentRead: true,
    }),
  );
  return Item as Record<string, { S?: string; BOOL?: boolean }> | undefined;
}

/** Writes a row that must not be there yet; false when it was. */
export async function addRow(table: string, partition: string, sortKey: string, row: Row): Promise<boolean> {
  return unlessRefused(
    dynamodb().send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: partition }, sk: { S: sortKey }, ...row },
        ConditionExpression: "attribute_not_exists(sk)",
      }),
    ),
  );
}

/** Updates a row under a condition; false when the condition does not hold. */
export async function updateRow(
  update: ConstructorParameters<typeof UpdateItemCommand>[0],
): Promise<boolean> {
  return unlessRefused(dynamodb().send(new UpdateItemCommand(update)));
}

async function unlessRefused(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
