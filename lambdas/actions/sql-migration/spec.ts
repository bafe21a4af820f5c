import * as z from "zod";
import { InstanceName, readsLogin } from "../../runtime/rds-spec.ts";
import { SecretName } from "../../runtime/secret-name.ts";
import { type ArnBuilder, allow, defineAction, type Resource } from "../../runtime/spec.ts";

const NAME = "[A-Za-z_][A-Za-z0-9_$]{0,62}";

/** A table by its exact name; `public` unless a schema is given. */
export const TableName = z
  .string()
  .regex(new RegExp(`^${NAME}(\\.${NAME})?$`), "a table's exact name, with its schema unless that is public");
export const ColumnName = z.string().regex(new RegExp(`^${NAME}$`), "a column's exact name");

/** How a step reaches the database that it changes or reads. */
export const databaseFields = {
  instance: InstanceName.describe("identifier of the DB instance"),
  database: z.string().min(1).max(63).describe("database to connect to"),
  secret: SecretName.describe("secret with username and password of a user that owns the tables"),
};

/** What every step in a database may do at AWS: find the instance, and read its login. */
export function databasePermissions(
  { instance, secret }: { instance: string; secret: string },
  arn: ArnBuilder,
) {
  const login = readsLogin(secret, arn);
  return { read: [allow("rds:DescribeDBInstances", arn.of("rds", `db:${instance}`)), login], write: [login] };
}

interface In {
  instance: string;
  database: string;
}

/** A database as plan rules know it: a part of its instance. */
export const databaseResource = ({ instance, database }: In): Resource => ({
  type: "database",
  id: `${instance}/${database}`,
  within: { type: "rds-instance", id: instance },
});

export const schemaResource = (at: In, schema: string): Resource => ({
  type: "schema",
  id: `${at.instance}/${at.database}/${schema}`,
  within: databaseResource(at),
});

export function tableResource(at: In, table: string): Resource {
  const full = table.includes(".") ? table : `public.${table}`;
  return {
    type: "table",
    id: `${at.instance}/${at.database}/${full}`,
    within: schemaResource(at, full.split(".")[0]!),
  };
}

const ObjectName = z
  .string()
  .regex(
    /^(table|column|index|constraint|trigger|policy|view|materialized view|sequence|function|type) [^\s.]+\.\S.*$/,
    'a kind and a full name: "table public.models", "column public.models.price", "function public.touch()"',
  );
const Statement = z.union([
  z.string().min(1).max(20_000),
  z.strictObject({
    sql: z.string().min(1).max(20_000).describe("the statement"),
    rows: z.int().min(0).describe("rows it must write, neither more nor fewer"),
  }),
]);

/** O6b, H6, R6: undoes a schema migration in one transaction, and nothing else. */
export const sqlMigration = defineAction({
  kind: "sql-migration",
  summary: "Undo a schema migration in one transaction that changes what the plan names and nothing else",
  input: z.strictObject({
    ...databaseFields,
    version: z
      .strictObject({
        table: TableName.describe("where the migration tool keeps its versions, e.g. _sqlx_migrations"),
        column: ColumnName.default("version").describe("column with the version"),
        undoes: z
          .array(z.string().min(1))
          .min(1)
          .describe("versions that are undone, oldest first; the last is the database's now"),
        becomes: z.string().min(1).describe("the version afterwards"),
        keeps: z
          .enum(["rows", "value"])
          .default("rows")
          .describe("rows: a row for each version, as most tools; value: one row with the newest (Alembic)"),
      })
      .describe("the migration tool's own record: compared before, set in the same transaction"),
    precondition: z
      .string()
      .min(1)
      .max(10_000)
      .describe("a query whose first value must be true, when the run begins and inside the transaction"),
    statements: z
      .array(Statement)
      .min(1)
      .max(50)
      .describe("what undoes it, in order; no DELETE, no TRUNCATE, no CASCADE"),
    forward: z
      .array(Statement)
      .max(50)
      .default([])
      .describe("what does it again, should the run be reverted; without it the step cannot be undone"),
    drops: z.array(ObjectName).default([]).describe("objects that must be gone afterwards, each by its name"),
    adds: z.array(ObjectName).default([]).describe("objects that must be there afterwards and are not now"),
    changes: z
      .array(TableName)
      .default([])
      .describe("tables whose definition or rows the statements may change besides"),
    keepUpTo: z
      .int()
      .min(0)
      .max(10_000)
      .default(1000)
      .describe(
        "megabytes: tables and columns that are dropped are first copied into the schema rollback_watchdog; with more to copy the step is refused; 0 copies nothing",
      ),
    lockSeconds: z.number().min(0.1).max(30).default(5).describe("longest wait for each lock"),
    statementSeconds: z.int().min(1).max(90).default(60).describe("longest time of one statement"),
  }),
  before: z.strictObject({
    address: z.string(),
    port: z.number(),
    version: z.string().nullable(),
    definitions: z.string(),
    already: z.boolean(),
  }),
  outputs: z.strictObject({
    version: z.string().describe("the version that the database is at now"),
    keptIn: z.array(z.string()).describe("tables with copies of what was dropped"),
  }),
  effect: "overwrites",
  revertible: ({ forward }) => (forward?.length ?? 0) > 0,
  timing: { timeoutSeconds: 600, pollSeconds: 10 },
  permissions: databasePermissions,
  touches: (input) =>
    [
      ...new Set([
        input.version.table,
        ...(input.changes ?? []),
        ...(input.drops ?? []).flatMap((name) => /^(?:table|column) ([^.]+\.[^.]+)/.exec(name)?.[1] ?? []),
      ]),
    ].map((table) => tableResource(input, table)),
  undoesMigration: true,
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-secrets-manager", "@aws-sdk/client-dynamodb"],
  needsVpc: true,
  runbooks: ["O6b", "H6", "R6", "T7"],
  docs: [
    "https://www.postgresql.org/docs/17/sql-altertable.html",
    "https://www.postgresql.org/docs/17/explicit-locking.html",
  ],
});
