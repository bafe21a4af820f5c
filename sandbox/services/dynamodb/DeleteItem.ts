import type { DeleteItemCommandInput, DeleteItemOutput } from "@aws-sdk/client-dynamodb";
import { leadingKey, onTable, tableName } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";
import { settingsOf } from "./settings.ts";
/** Deletes one item by its key. */
export const DeleteItem = dynaliteOperation<DeleteItemCommandInput, DeleteItemOutput>(
  "DeleteItem",
  (input, call) => [
    onTable(
      "DeleteItem",
      call,
      input.TableName,
      leadingKey(input.Key, settingsOf(call.world, tableName(input.TableName)).hashKey),
    ),
  ],
);
