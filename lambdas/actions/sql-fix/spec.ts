import * as z from "zod";
import { defineAction } from "../../runtime/spec.ts";
import {
  ColumnName,
  databaseFields,
  databasePermissions,
  TableName,
  tableResource,
} from "../sql-migration/spec.ts";

/** A6: corrects the rows that a condition found when the run began, and no row besides. */
export const sqlFix = defineAction({
  kind: "sql-fix",
  summary: "Correct the rows that a condition finds, keep them as they were, and touch no other row",
  input: z.strictObject({
    ...databaseFields,
    table: TableName.describe("table with the wrong rows; it needs a primary key"),
    where: z
      .string()
      .min(1)
      .max(10_000)
      .describe("condition that a wrong row fulfils and a corrected one does not, e.g. `requests_today < 0`"),
    set: z
      .record(ColumnName, z.string().min(1).max(10_000))
      .refine((columns) => Object.keys(columns).length > 0, "at least one column")
      .describe("column → SQL expression of its right value, which may use the row's other columns"),
    cap: z
      .int()
      .min(1)
      .max(2000)
      .default(500)
      .describe("rows at the most: with more the step is refused, and a person decides"),
    alsoWrites: z
      .array(TableName)
      .default([])
      .describe("tables that triggers write to when a row is corrected, e.g. an audit trail"),
    lockSeconds: z.number().min(0.1).max(30).default(5).describe("longest wait for each lock"),
    statementSeconds: z.int().min(1).max(90).default(30).describe("longest time of one statement"),
  }),
  before: z.strictObject({
    address: z.string(),
    port: z.number(),
    key: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    digest: z.string(),
  }),
  outputs: z.strictObject({
    corrected: z.number().describe("rows that were corrected"),
    passed: z.number().describe("rows of the detected set that were no longer wrong, and were left alone"),
    others: z.number().describe("rows that became wrong since they were looked for, and were left alone"),
    address: z.string().describe("DNS name of the instance, for a check of the rows"),
    port: z.number().describe("TCP port"),
  }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  permissions: databasePermissions,
  touches: (input) => [tableResource(input, input.table)],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-secrets-manager", "@aws-sdk/client-dynamodb"],
  needsVpc: true,
  runbooks: ["A6"],
  docs: ["https://www.postgresql.org/docs/17/sql-update.html"],
});
