import type {
  GetItemOutput,
  TransactGetItemsCommandInput,
  TransactGetItemsOutput,
} from "@aws-sdk/client-dynamodb";
import { operation } from "../../service.ts";
import { leadingKey, onTable, tableName } from "./authorize.ts";
import { ask, exclusively } from "./engine.ts";
import { settingsOf } from "./settings.ts";

/** Reads several items as of one moment. */
export const TransactGetItems = operation<TransactGetItemsCommandInput, TransactGetItemsOutput>({
  authorize: (input, call) =>
    (input.TransactItems ?? []).map(({ Get }) =>
      onTable(
        "GetItem",
        call,
        Get?.TableName,
        leadingKey(Get?.Key, settingsOf(call.world, tableName(Get?.TableName)).hashKey),
      ),
    ),
  run: (input, { world }) =>
    exclusively(world, async () => {
      const Responses = [];
      for (const { Get } of input.TransactItems ?? []) {
        const { Item } = await ask<GetItemOutput>(world, "GetItem", { ...Get, ConsistentRead: true });
        Responses.push(Item ? { Item } : {});
      }
      return { Responses };
    }),
});
