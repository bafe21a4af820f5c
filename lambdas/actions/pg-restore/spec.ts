import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";
import { BucketName } from "../pg-dump/spec.ts";
import { databaseFields, databasePermissions } from "../sql-migration/spec.ts";

/** R7, O6: a dump of pg-dump as a database of its own, beside the live one. */
export const pgRestore = defineAction({
  kind: "pg-restore",
  summary: "Restore a dump into a fresh database, with every row counted before anything uses it",
  input: z.strictObject({
    ...databaseFields,
    database: databaseFields.database.describe(
      "database that was dumped; the fresh one's name begins with it",
    ),
    as: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, "lower-case letters, digits and underscores")
      .optional()
      .describe("name of the fresh database; derived from the run unless given, refused when it exists"),
    bucket: BucketName.describe("S3 bucket with the dump"),
    prefix: z.string().min(1).describe("beginning of the dump's keys: `{% $steps.<dump>.prefix %}`"),
    under: z
      .string()
      .regex(/^[\w!.*'()/-]{1,200}[^/]$/)
      .default("dumps")
      .describe("what `prefix` must begin with: the role may read nothing else"),
    maintenance: z.string().min(1).default("postgres").describe("database to connect to for CREATE DATABASE"),
  }),
  before: z.strictObject({ address: z.string(), port: z.number(), target: z.string() }),
  outputs: z.strictObject({
    database: z.string().describe("name of the fresh database"),
    address: z.string().describe("DNS name of its server"),
    port: z.number().describe("TCP port"),
    tables: z.number().describe("tables restored"),
    rows: z.number().describe("rows restored, counted in the fresh database"),
    notGranted: z
      .array(z.string())
      .describe("rights that could not be given, because their role is not known"),
  }),
  effect: "creates",
  revertible: true,
  timing: { timeoutSeconds: 900, pollSeconds: 10 },
  permissions: (input, arn) => {
    const { read, write } = databasePermissions(input, arn);
    const bucket = arn.of("s3", input.bucket, { region: "", account: "" });
    // The plan's own text: defaults are not in it.
    const under = input.under ?? "dumps";
    const dump = [
      allow("s3:ListBucket", bucket, { StringLike: { "s3:prefix": `${under}/*` } }),
      allow("s3:GetObject", `${bucket}/${under}/*`),
    ];
    return { read: [...read, ...dump], write: [...write, ...dump] };
  },
  touches: () => [],
  creates: ({ instance, database, as }) => [
    { type: "database", id: `${instance}/${as ?? `${database}_r_*`}` },
  ],
  clients: [
    "@aws-sdk/client-rds",
    "@aws-sdk/client-s3",
    "@aws-sdk/client-secrets-manager",
    "@aws-sdk/client-dynamodb",
  ],
  needsVpc: true,
  runbooks: ["R7", "O6"],
  docs: [
    "https://www.postgresql.org/docs/17/sql-createdatabase.html",
    "https://www.postgresql.org/docs/17/sql-copy.html",
  ],
});
