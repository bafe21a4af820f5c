import type { UpdateItemCommandInput, UpdateItemOutput } from "@aws-sdk/client-dynamodb";
import { leadingKey, onTable, tableName } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";
import { settingsOf } from "./settings.ts";
/** Changes one item, under a condition. */
export const UpdateItem = dynaliteOperation<UpdateItemCommandInput, UpdateItemOutput>(
  "UpdateItem",
  (input, call) => [
    onTable(
      "UpdateItem",
      call,
      input.TableName,
      leadingKey(input.Key, settingsOf(call.world, tableName(input.TableName)).hashKey),
    ),
  ],
);
