import type { BatchWriteItemCommandInput, BatchWriteItemOutput } from "@aws-sdk/client-dynamodb";
import { onTable } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";

/** Writes or deletes up to 25 items, each by itself. */
export const BatchWriteItem = dynaliteOperation<BatchWriteItemCommandInput, BatchWriteItemOutput>(
  "BatchWriteItem",
  (input, call) =>
    Object.keys(input.RequestItems ?? {}).map((table) => onTable("BatchWriteItem", call, table)),
);
