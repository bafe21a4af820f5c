import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";
import { BucketName } from "../pg-dump/spec.ts";
import { databaseFields, databasePermissions, TableName } from "../sql-migration/spec.ts";

const PREFIX = "reconciliation";

/** H9: what was written after the restore point is found and exported, row by row, never lost. */
export const reconcile = defineAction({
  kind: "reconcile",
  summary: "Export the rows that the old database has and the restored one lacks, as JSON lines to S3",
  input: z.strictObject({
    ...databaseFields,
    instance: databaseFields.instance.describe("identifier of the old DB instance"),
    host: z
      .string()
      .min(1)
      .describe("DNS name of the restored instance: `{% $steps.<restore>.endpoint.address %}`"),
    port: z.union([z.int(), z.string()]).default(5432).describe("its TCP port"),
    bucket: BucketName.describe("S3 bucket for the rows"),
    prefix: z
      .string()
      .regex(/^[\w!.*'()/-]{1,200}[^/]$/)
      .optional()
      .describe(`beginning of the keys; ${PREFIX} unless given`),
    tables: z
      .array(TableName)
      .min(1)
      .optional()
      .describe("tables to compare; every table with a primary key unless given"),
    sequences: z
      .enum(["advance", "leave"])
      .default("advance")
      .describe(
        "advance: the restored database's sequences go on after the old one's, so that new rows do not get the numbers of exported ones",
      ),
  }),
  before: z.strictObject({
    address: z.string(),
    port: z.number(),
    prefix: z.string(),
    tables: z.array(z.string()),
  }),
  outputs: z.strictObject({
    bucket: z.string().describe("bucket with the rows"),
    prefix: z.string().describe("beginning of their keys, for `watchdog reconcile`"),
    rows: z.number().describe("rows that only the old database has, all of them exported"),
    changed: z
      .number()
      .describe("rows that both have, not alike: written to since, or damaged; counted only"),
    gone: z.number().describe("rows that only the restored one has: deleted since; counted only"),
    compared: z.number().describe("rows of the old database that were compared"),
    tables: z.record(z.string(), z.number()).describe("exported rows by table, where there are any"),
    kept: z.array(z.string()).describe("what was exported, in words, for the report"),
    withoutKey: z.array(z.string()).describe("tables without a primary key, which were not compared"),
  }),
  effect: "backs-up",
  revertible: true,
  // A call compares as many tables as it can; the next one goes on.
  timing: { timeoutSeconds: 1800, pollSeconds: 10, phases: 10 },
  permissions: (input, arn) => {
    const { read, write } = databasePermissions(input, arn);
    const bucket = arn.of("s3", input.bucket, { region: "", account: "" });
    const prefix = input.prefix ?? PREFIX;
    const list = allow("s3:ListBucket", bucket, { StringLike: { "s3:prefix": `${prefix}/*` } });
    return {
      read: [...read, list, allow("s3:GetObject", `${bucket}/${prefix}/*`)],
      write: [...write, list, allow(["s3:GetObject", "s3:PutObject"], `${bucket}/${prefix}/*`)],
    };
  },
  touches: () => [],
  creates: ({ bucket, prefix }) => [{ type: "s3-object", id: `${bucket}/${prefix ?? PREFIX}/*` }],
  clients: [
    "@aws-sdk/client-rds",
    "@aws-sdk/client-s3",
    "@aws-sdk/client-secrets-manager",
    "@aws-sdk/client-dynamodb",
  ],
  needsVpc: true,
  runbooks: ["H9"],
  docs: ["https://www.postgresql.org/docs/17/sql-copy.html"],
});
