import type { GetItemCommandInput, GetItemOutput } from "@aws-sdk/client-dynamodb";
import { leadingKey, onTable, tableName } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";
import { settingsOf } from "./settings.ts";
/** Reads one item by its key. */
export const GetItem = dynaliteOperation<GetItemCommandInput, GetItemOutput>("GetItem", (input, call) => [
  onTable(
    "GetItem",
    call,
    input.TableName,
    leadingKey(input.Key, settingsOf(call.world, tableName(input.TableName)).hashKey),
  ),
]);
