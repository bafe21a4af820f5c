import type { ScanCommandInput, ScanOutput } from "@aws-sdk/client-dynamodb";
import { onTable } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";

/** Reads a whole table or index. */
export const Scan = dynaliteOperation<ScanCommandInput, ScanOutput>("Scan", (input, call) => [
  onTable("Scan", call, input.TableName, [], input.IndexName),
]);
