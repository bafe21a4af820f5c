import * as z from "zod";
import { readsLogin } from "../../runtime/rds-spec.ts";
import { SecretName } from "../../runtime/secret-name.ts";
import { defineCheck } from "../../runtime/spec.ts";

/** Comments, an opening bracket, then what begins a query; anything else would fail in the middle of a run. */
const READS = /^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(select|with|table|values|show)\b/i;

/** R15, A6, H9: one query in a read-only transaction and what its first value must be. */
export const sqlCheck = defineCheck({
  kind: "sql-check",
  summary: "Run one read-only query and compare its first value",
  input: z.strictObject({
    host: z.string().min(1).describe("DNS name of the database server"),
    port: z.int().default(5432).describe("TCP port"),
    database: z.string().min(1).describe("database to connect to"),
    secret: SecretName.describe("secret with username and password"),
    version: z.string().optional().describe("version id of the secret, to try a login before it is current"),
    query: z
      .string()
      .max(10_000)
      .regex(READS, "one query that reads: SELECT, WITH, TABLE, VALUES or SHOW")
      .describe("one query, run in a read-only transaction"),
    expect: z
      .string()
      .regex(/^(>=|<=|>|<|=)\s*\S.*$/, 'a comparison and a value, for example "= 0"')
      .describe("compared with the first column of the first row"),
    timeoutSeconds: z.int().min(1).max(60).default(20).describe("longest time the query may take"),
  }),
  timeoutSeconds: 60,
  permissions: ({ secret }, arn) => [readsLogin(secret, arn)],
  proves: ({ host }) => [{ type: "host", id: host }],
  clients: ["@aws-sdk/client-secrets-manager"],
  needsVpc: true,
  runbooks: ["R15", "A6", "H9"],
  docs: ["https://www.postgresql.org/docs/17/sql-set-transaction.html"],
});
