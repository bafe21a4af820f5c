import type { QueryCommandInput, QueryOutput } from "@aws-sdk/client-dynamodb";
import { onTable } from "./authorize.ts";
import { dynaliteOperation } from "./items.ts";
import { partitionOf } from "./partition.ts";
/** Reads the items of one partition. */
export const Query = dynaliteOperation<QueryCommandInput, QueryOutput>("Query", (input, call) => [
  onTable("Query", call, input.TableName, partitionOf(input), input.IndexName),
]);
