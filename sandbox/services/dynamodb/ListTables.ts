import type { ListTablesCommandInput, ListTablesOutput } from "@aws-sdk/client-dynamodb";
import { dynaliteOperation } from "./items.ts";

/** Names of all tables. */
export const ListTables = dynaliteOperation<ListTablesCommandInput, ListTablesOutput>("ListTables", () => [
  { action: "dynamodb:ListTables", resources: ["*"] },
]);
