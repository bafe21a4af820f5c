import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";
import {
  databaseFields,
  databasePermissions,
  databaseResource,
  schemaResource,
  TableName,
  tableResource,
} from "../sql-migration/spec.ts";

export const BucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "name of an S3 bucket");
const Prefix = z
  .string()
  .regex(/^[\w!.*'()/-]{1,200}[^/]$/, "the beginning of keys, without a slash at its end");

/** O6b, H6, R6, T7: the present state of a database in S3, read in one snapshot, before a migration is undone. */
export const pgDump = defineAction({
  kind: "pg-dump",
  summary: "Dump a PostgreSQL database to S3 in one snapshot, and verify it by listing and checksum",
  input: z.strictObject({
    ...databaseFields,
    bucket: BucketName.describe("S3 bucket for the dump"),
    prefix: Prefix.optional().describe(
      "beginning of the dump's keys; dumps/<instance>/<database> unless given",
    ),
    schemas: z.array(z.string().min(1)).min(1).optional().describe("schemas to dump; all unless given"),
    tables: z.array(TableName).min(1).optional().describe("instead of schemas: tables to dump"),
    upTo: z
      .int()
      .min(1)
      .max(4000)
      .default(2000)
      .describe(
        "megabytes of tables: with more it is refused, since one snapshot must be read in one call of the function; take rds-snapshot then",
      ),
  }),
  before: z.strictObject({
    address: z.string(),
    port: z.number(),
    prefix: z.string(),
    tables: z.array(z.string()),
    schemas: z.array(z.string()),
  }),
  outputs: z.strictObject({
    bucket: z.string().describe("bucket with the dump"),
    prefix: z.string().describe("beginning of the dump's keys, for pg-restore"),
    manifest: z.string().describe("key of the manifest"),
    tables: z.number().describe("tables in it"),
    rows: z.number().describe("rows in it"),
    bytes: z.number().describe("bytes in S3"),
    takenAt: z.string().describe("moment of its snapshot, ISO 8601"),
  }),
  effect: "backs-up",
  revertible: true,
  timing: { timeoutSeconds: 600, pollSeconds: 10 },
  permissions: (input, arn) => {
    const { read, write } = databasePermissions(input, arn);
    const prefix = input.prefix ?? `dumps/${input.instance}/${input.database}`;
    const bucket = arn.of("s3", input.bucket, { region: "", account: "" });
    const list = allow("s3:ListBucket", bucket, { StringLike: { "s3:prefix": `${prefix}/*` } });
    return {
      read: [...read, list, allow("s3:GetObject", `${bucket}/${prefix}/*`)],
      write: [...write, list, allow("s3:PutObject", `${bucket}/${prefix}/*`)],
    };
  },
  touches: () => [],
  backsUp: (input) =>
    input.tables
      ? input.tables.map((table) => tableResource(input, table))
      : input.schemas
        ? input.schemas.map((schema) => schemaResource(input, schema))
        : [databaseResource(input)],
  creates: ({ bucket, prefix, instance, database }) => [
    { type: "s3-object", id: `${bucket}/${prefix ?? `dumps/${instance}/${database}`}/*` },
  ],
  clients: [
    "@aws-sdk/client-rds",
    "@aws-sdk/client-s3",
    "@aws-sdk/client-secrets-manager",
    "@aws-sdk/client-dynamodb",
  ],
  needsVpc: true,
  runbooks: ["O6b", "H6", "R6", "T7"],
  docs: [
    "https://www.postgresql.org/docs/17/sql-copy.html",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html",
  ],
});
