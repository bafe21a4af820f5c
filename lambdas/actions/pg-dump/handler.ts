import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { catalogOf, digestsOf } from "../../runtime/sql/catalog.ts";
import { connected, endpointOf } from "../../runtime/sql/database.ts";
import { type DumpedTable, type Manifest, manifestKey, type Segment } from "../../runtime/sql/manifest.ts";
import { damagedIn, listed, parsedJson, putObject, textOf } from "../../runtime/sql/objects.ts";
import { definitionsOf } from "./ddl.ts";
import { dumpRows } from "./rows.ts";
import { type Scope, survey } from "./scope.ts";
import { pgDump } from "./spec.ts";

type Input = z.output<typeof pgDump.input>;
type Before = z.output<typeof pgDump.before>;

/** Seconds that a statement of a dump may take: below the function's own limit. */
const STATEMENT_SECONDS = 110;
const SQL = "application/sql";

const segmentsOf = ({ tables, sql }: Manifest): Segment[] => [
  sql.before,
  sql.after,
  sql.rights,
  ...tables.flatMap(({ segments }) => segments),
];

const answer = (bucket: string, prefix: string, manifest: Manifest) => {
  const segments = segmentsOf(manifest);
  const rows = manifest.tables.reduce((sum, each) => sum + each.rows, 0);
  const bytes = segments.reduce((sum, each) => sum + each.bytes, 0);
  return {
    done: true,
    note: `${rows} row(s) of ${manifest.tables.length} table(s) in ${segments.length + 1} object(s) below s3://${bucket}/${prefix}, each as it was written`,
    outputs: {
      bucket,
      prefix,
      manifest: manifestKey(prefix),
      tables: manifest.tables.length,
      rows,
      bytes,
      takenAt: manifest.takenAt,
    },
  };
};

/** What of the catalog is in a dump: all of its schemas, or what belongs to its tables. */
function inScope({ schemas, tables, whole }: Scope): (name: string, of: string) => boolean {
  const names = new Set(tables.map(({ table }) => table));
  return (name, of) => {
    const schema = /^(?:materialized view|foreign table|\S+) ([^.]+)\./.exec(name)?.[1] ?? "";
    if (!schemas.includes(schema)) return false;
    return of === "" ? whole && !name.startsWith("foreign table") : names.has(of);
  };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, { run, step }) {
    const at = await endpointOf(input.instance);
    const prefix = `${input.prefix ?? `dumps/${input.instance}/${input.database}`}/${run.id}/${step.id}`;
    const place = `${input.database} on ${input.instance}`;
    return connected(input, at, 30, async (client) => {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const { scope, missing, unfit, omitted } = await survey(client, input);
      await client.query("ROLLBACK");
      const problems = [...missing.map((name) => `there is no ${name}`), ...unfit];
      if (problems.length > 0)
        throw refusal(
          `${place} cannot be dumped: ${problems.join("; ")}. Nothing was changed. Correct the plan, or save the instance with rds-snapshot.`,
        );
      const megabytes = scope.tables.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
      if (megabytes > input.upTo)
        throw refusal(
          `${place} has ${Math.ceil(megabytes)} MB of tables, and a dump takes ${input.upTo} MB at the most (upTo). Nothing was changed. Name the tables that matter, or save the instance with rds-snapshot.`,
        );
      // Also shows that the bucket is there and may be listed.
      await listed(input.bucket, prefix);
      return {
        before: { ...at, prefix, tables: scope.tables.map(({ table }) => table), schemas: scope.schemas },
        after: { dump: `s3://${input.bucket}/${prefix}` },
        summary: `dump of ${scope.tables.length} table(s) of ${place}, ${megabytes.toFixed(1)} MB, to s3://${input.bucket}/${prefix}`,
        evidence: [
          scope.tables.map(({ table }) => table).join(", "),
          ...(omitted.length > 0 ? [`not in a dump: ${omitted.join(", ")}`] : []),
        ],
        keeps: [`the dump s3://${input.bucket}/${prefix} of ${place} from before the change`],
        expects: { bucket: input.bucket, prefix, manifest: manifestKey(prefix) },
      };
    });
  },

  async apply(input, { before }, { run, step, now }) {
    const { bucket } = input;
    const { prefix } = before;
    if ((await listed(bucket, prefix)).has(manifestKey(prefix)))
      return { done: false, note: `s3://${bucket}/${prefix} is written` };
    await connected(input, before, STATEMENT_SECONDS, async (client) => {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      // A policy that hides rows is an error and not a smaller dump.
      await client.query("SET LOCAL row_security = off");
      // Every name is written with its schema then, and means the same in any database.
      await client.query("SET LOCAL search_path = pg_catalog");
      const takenAt = new Date(now()).toISOString();
      const { scope, missing, unfit, omitted } = await survey(client, {
        schemas: input.schemas && before.schemas,
        tables: input.tables && before.tables,
      });
      if (missing.length + unfit.length > 0)
        throw new WatchdogError(
          "ChangedSincePreflight",
          `${input.database} on ${input.instance} is not as it was when the run began: ${[...missing.map((name) => `no ${name}`), ...unfit].join("; ")}. Nothing was changed.`,
        );
      const catalog = digestsOf(await catalogOf(client), inScope(scope));
      const definitions = await definitionsOf(client, scope);
      const sql = {
        before: await putObject(bucket, `${prefix}/before.sql`, definitions.before.join("\n"), SQL),
        after: await putObject(bucket, `${prefix}/after.sql`, definitions.after.join("\n"), SQL),
        rights: await putObject(bucket, `${prefix}/rights.sql`, definitions.rights.join("\n"), SQL),
      };
      const tables: DumpedTable[] = [];
      for (const { table } of scope.tables) tables.push(await dumpRows(client, table, bucket, prefix));
      const { rows: server } = await client.query("SHOW server_version");
      await client.query("COMMIT");
      const manifest: Manifest = {
        format: 1,
        run: run.id,
        step: step.id,
        instance: input.instance,
        database: input.database,
        serverVersion: server[0].server_version as string,
        takenAt,
        tables,
        sql,
        catalog,
        omitted,
      };
      await putObject(bucket, manifestKey(prefix), JSON.stringify(manifest, null, 1), "application/json");
    });
    return { done: false, note: `s3://${bucket}/${prefix} is written; next it is read back` };
  },

  /** Proved by what S3 says of every object, not by what was sent. */
  async poll({ bucket }, { before: { prefix } }, { phase }) {
    if (phase === "revert") return { done: true, note: "kept" };
    const text = await textOf(bucket, manifestKey(prefix));
    if (text === undefined)
      return { done: false, note: `there is no manifest below s3://${bucket}/${prefix} yet` };
    const manifest = parsedJson<Manifest>(text, manifestKey(prefix));
    const damaged = await damagedIn(bucket, prefix, segmentsOf(manifest));
    if (damaged.length > 0)
      throw new WatchdogError(
        "WorkFailed",
        `The dump s3://${bucket}/${prefix} is not whole: ${damaged.join("; ")}. No data was changed. The run stops, since nothing is changed without a backup.`,
      );
    return answer(bucket, prefix, manifest);
  },

  // A backup is never taken back.
  revert: async ({ bucket }, { before: { prefix } }) => ({
    done: true,
    note: `whatever was dumped below s3://${bucket}/${prefix} is kept`,
  }),
};

export const handler = serveAction(pgDump, verbs);
