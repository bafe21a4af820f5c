import type { AttributeValue, CancellationReason, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { ask } from "./engine.ts";

type Item = Record<string, AttributeValue>;

/** One part of a transaction, as the single-item operation that does it. */
export interface Part {
  kind: "Put" | "Update" | "Delete" | "ConditionCheck";
  table: string;
  key: Item;
  input: NonNullable<TransactWriteItem["Put"] & TransactWriteItem["Update"] & TransactWriteItem["Delete"]>;
}

/** The parts of a request, with each item's key; a Put's key is read off its item by the table's schema. */
export async function partsOf(world: World, items: TransactWriteItem[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (const item of items) {
    const entry = (["Put", "Update", "Delete", "ConditionCheck"] as const).find((kind) => item[kind]);
    if (!entry)
      throw new ServiceException(
        "ValidationException",
        "TransactItems can only contain one of Check, Put, Update or Delete",
      );
    const input = item[entry] as Part["input"];
    const table = input.TableName ?? "";
    const key = entry === "Put" ? await keyOf(world, table, input.Item ?? {}) : (input.Key ?? {});
    parts.push({ kind: entry, table, key, input });
  }
  const seen = new Set(
    parts.map(({ table, key }) => `${table} ${JSON.stringify(Object.entries(key).toSorted())}`),
  );
  if (seen.size < parts.length)
    throw new ServiceException(
      "ValidationException",
      "Transaction request cannot include multiple operations on one item",
    );
  return parts;
}

async function keyOf(world: World, table: string, item: Item): Promise<Item> {
  const { Table } = await ask<{ Table?: { KeySchema?: { AttributeName?: string }[] } }>(
    world,
    "DescribeTable",
    { TableName: table },
  );
  const names = (Table?.KeySchema ?? []).map((each) => each.AttributeName ?? "");
  return Object.fromEntries(names.filter((name) => item[name]).map((name) => [name, item[name]!]));
}

/**
 * All parts or none: each is done in turn, and on the first that fails the items before it get back what they
 * held. Nobody sees the middle, because the caller holds the engine exclusively.
 */
export async function write(world: World, parts: Part[]): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  const reasons: CancellationReason[] = parts.map(() => ({ Code: "None" }));
  let failed = false;
  for (const [index, part] of parts.entries()) {
    const { Item: before } = await ask<{ Item?: Item }>(world, "GetItem", {
      TableName: part.table,
      Key: part.key,
      ConsistentRead: true,
    });
    const back = () =>
      before
        ? ask(world, "PutItem", { TableName: part.table, Item: before })
        : ask(world, "DeleteItem", { TableName: part.table, Key: part.key });
    try {
      await perform(world, part);
      if (part.kind === "ConditionCheck") await back();
      else undo.push(back);
    } catch (error) {
      if (!(error instanceof ServiceException) || error.code !== "ConditionalCheckFailedException") {
        for (const each of undo.reverse()) await each();
        throw error;
      }
      failed = true;
      const image =
        part.input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && before ? { Item: before } : {};
      reasons[index] = { Code: "ConditionalCheckFailed", Message: error.message, ...image };
    }
  }
  if (!failed) return;
  for (const each of undo.reverse()) await each();
  throw new ServiceException(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map((each) => each.Code).join(", ")}]`,
    { members: { CancellationReasons: reasons } },
  );
}

async function perform(world: World, { kind, input }: Part): Promise<void> {
  const { ReturnValuesOnConditionCheckFailure, ...rest } = input;
  // A condition without an update is an UpdateItem that changes nothing; an item it made is taken back.
  await ask(world, kind === "ConditionCheck" ? "UpdateItem" : `${kind}Item`, rest);
}
