import type { PutItemCommandInput, PutItemOutput } from "@aws-sdk/client-dynamodb";
import { leadingKey, onTable, tableName } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";
import { settingsOf } from "./settings.ts";
/** Writes one whole item, under a condition. */
export const PutItem = dynaliteOperation<PutItemCommandInput, PutItemOutput>("PutItem", (input, call) => [
  onTable(
    "PutItem",
    call,
    input.TableName,
    leadingKey(input.Item, settingsOf(call.world, tableName(input.TableName)).hashKey),
  ),
]);
