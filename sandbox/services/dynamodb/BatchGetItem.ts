import type { BatchGetItemCommandInput, BatchGetItemOutput } from "@aws-sdk/client-dynamodb";
import { onTable } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";

/** Reads up to 100 items. */
export const BatchGetItem = dynaliteOperation<BatchGetItemCommandInput, BatchGetItemOutput>(
  "BatchGetItem",
  (input, call) => Object.keys(input.RequestItems ?? {}).map((table) => onTable("BatchGetItem", call, table)),
);
