import type { Readable } from "node:stream";
import type pg from "pg";
import { to } from "pg-copy-streams";
import type { Segment } from "../../runtime/sql/manifest.ts";
import { RowExport } from "./export.ts";
import { comparator, orderedQuery, sharedColumns } from "./keys.ts";
import { type Merged, merge } from "./merge.ts";
import type { KeyedTable } from "./tables.ts";

/** What the comparison of one table found, as it is kept in S3. */
export interface ComparedTable extends Merged {
  table: string;
  key: string[];
  segments: Segment[];
}

/** Connections of one comparison: two to the old database in one snapshot, one to the restored. */
export interface Sides {
  old: pg.Client;
  /** Fetches rows of `old` while `old` itself streams keys. */
  rows: pg.Client;
  restored: pg.Client;
}

/** One moment on each side: values are written the same way, and the second connection sees what the first does. */
export async function beginSnapshots({ old, rows, restored }: Sides): Promise<void> {
  for (const client of [old, restored]) {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SET LOCAL row_security = off");
  }
  const { rows: exported } = await old.query("SELECT pg_export_snapshot() AS id");
  await rows.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  await rows.query(`SET TRANSACTION SNAPSHOT '${exported[0].id}'`);
  await rows.query("SET LOCAL row_security = off");
  // Keys and digests are compared as text.
  for (const client of [old, rows, restored])
    await client.query(
      "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1",
    );
}

const versionOf = async (client: pg.Client): Promise<number> =>
  Number((await client.query("SHOW server_version_num")).rows[0].server_version_num);

const stream = (client: pg.Client, query: string) => client.query(to(query)) as Readable;

/** Compares one table by primary key, with `there`, the restored one, and exports the rows that only the old database has. */
export async function compareTable(
  { old, rows, restored }: Sides,
  { table, key, columns }: KeyedTable,
  there: KeyedTable,
  bucket: string,
  prefix: string,
): Promise<ComparedTable> {
  const versions = await Promise.all([old, restored].map(versionOf));
  const query = orderedQuery(table, key, sharedColumns(columns, there.columns), Math.min(...versions));
  const exported = new RowExport(rows, table, key, bucket, prefix);
  const merged = await merge(stream(old, query), stream(restored, query), comparator(key), (found) =>
    exported.add(found),
  );
  await exported.end();
  return { table, key: key.map(({ name }) => name), ...merged, segments: exported.segments };
}
