import { createHash } from "node:crypto";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import pg from "pg";
import { to } from "pg-copy-streams";
import type { DumpedTable, Segment } from "../../runtime/sql/manifest.ts";
import { quoted, tableName } from "../../runtime/sql/names.ts";
import { putObject } from "../../runtime/sql/objects.ts";

/** Bytes after which an object is closed and the next one begun: what the function holds in memory at a time. */
const SEGMENT = 16 * 2 ** 20;
const NEWLINE = 10;

/** Columns that COPY can write back: generated ones are computed again. */
async function columnsOf(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0
        AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [quoted(tableName(table))],
  );
  return rows.map(({ name }) => name as string);
}

/**
 * Copies a table's rows to S3 as they come. A row is a line of COPY's text format, in which a line break inside a
 * value is written `\n`, so lines are rows.
 */
export async function dumpRows(
  client: pg.Client,
  table: string,
  bucket: string,
  prefix: string,
): Promise<DumpedTable> {
  const columns = await columnsOf(client, table);
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
  const copied = client.query(to(`COPY ${quoted(tableName(table))} (${list}) TO STDOUT`)) as Readable;
  const hash = createHash("sha256");
  let rows = 0;
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) rows += 1;
      done(null, chunk);
    },
  });
  const segments: Segment[] = [];
  const folder = `${prefix}/data/${encodeURIComponent(table)}`;
  await pipeline(copied, counted, createGzip({ level: 1 }), async (zipped: AsyncIterable<Buffer>) => {
    let held: Buffer[] = [];
    let size = 0;
    const close = async () => {
      const key = `${folder}/${String(segments.length + 1).padStart(6, "0")}.copy.gz`;
      segments.push(await putObject(bucket, key, Buffer.concat(held), "application/gzip"));
      held = [];
      size = 0;
    };
    for await (const chunk of zipped) {
      held.push(chunk);
      size += chunk.byteLength;
      if (size >= SEGMENT) await close();
    }
    if (size > 0) await close();
  });
  return { table, columns, rows, bytes, sha256: hash.digest("hex"), segments };
}
