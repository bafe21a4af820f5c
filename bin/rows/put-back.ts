import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import pg from "pg";
import * as z from "zod";

/** What a run wrote about the rows that it exported. */
const Manifest = z.object({
  format: z.literal(1),
  from: z.object({ instance: z.string(), database: z.string() }),
  to: z.object({ host: z.string(), port: z.number() }),
  /** Those that others refer to first. */
  tables: z.array(
    z.object({
      table: z.string(),
      onlyLeft: z.number(),
      segments: z.array(z.object({ key: z.string(), sha256: z.string() })),
    }),
  ),
});
export type Manifest = z.output<typeof Manifest>;

/** One table's part of what was, or would be, put back. */
export interface TablePutBack {
  table: string;
  exported: number;
  /** Of those, chosen by the condition. */
  chosen: number;
  inserted: number;
}

const BATCH = 500;

async function bytesOf(s3: S3Client, Bucket: string, Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from(await Body!.transformToByteArray());
}

export async function manifestAt(s3: S3Client, bucket: string, prefix: string): Promise<Manifest> {
  return Manifest.parse(JSON.parse((await bytesOf(s3, bucket, `${prefix}/manifest.json`)).toString()));
}

/** Lines of a segment, as they were written. */
async function* linesOf(
  s3: S3Client,
  bucket: string,
  { key, sha256 }: { key: string; sha256: string },
): AsyncGenerator<string> {
  const bytes = await bytesOf(s3, bucket, key);
  if (createHash("sha256").update(bytes).digest("base64") !== sha256)
    throw new Error(
      `s3://${bucket}/${key} is not what was exported: its SHA-256 differs. No row was put back. The old database still has them.`,
    );
  const input = Readable.from([bytes]).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
}

const quoted = (table: string) => table.split(".").map(pg.escapeIdentifier).join(".");

/** An INSERT of rows given as one JSON list; rows whose key or unique value is there already stay as they are. */
async function insertOf(client: pg.ClientBase, table: string, where: string | undefined): Promise<string> {
  const { rows } = await client.query(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [quoted(table)],
  );
  if (rows.length === 0)
    throw new Error(
      `There is no table ${table} in this database. No row was put back. Look at --host and --database.`,
    );
  const columns = rows.map(({ name }) => pg.escapeIdentifier(name as string)).join(", ");
  return `WITH chosen AS (SELECT r.* FROM jsonb_array_elements($1::jsonb) e, jsonb_populate_record(NULL::${quoted(table)}, e) r ${where ? `WHERE (\n${where}\n)` : ""}),
    inserted AS (INSERT INTO ${quoted(table)} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM chosen ON CONFLICT DO NOTHING RETURNING 1)
    SELECT (SELECT count(*)::int FROM chosen) AS chosen, (SELECT count(*)::int FROM inserted) AS inserted`;
}

/**
 * Puts exported rows into a database in one transaction, which is rolled back unless `write`: what a dry run says is
 * what the database said, foreign keys and triggers included.
 */
export async function putBack(given: {
  client: pg.ClientBase;
  s3: S3Client;
  bucket: string;
  manifest: Manifest;
  tables: string[];
  where?: string | undefined;
  write: boolean;
}): Promise<TablePutBack[]> {
  const { client, s3, bucket, manifest, where } = given;
  const found: TablePutBack[] = [];
  await client.query("BEGIN");
  try {
    for (const { table, onlyLeft, segments } of manifest.tables) {
      if (onlyLeft === 0 || !given.tables.includes(table)) continue;
      const text = await insertOf(client, table, where);
      const counts: TablePutBack = { table, exported: onlyLeft, chosen: 0, inserted: 0 };
      let batch: string[] = [];
      const insert = async () => {
        if (batch.length === 0) return;
        // Text, not parsed: numbers keep their digits. The extended protocol takes one statement only.
        const values = [`[${batch.join(",")}]`];
        const { rows } = await client.query({ text, values, queryMode: "extended" } as pg.QueryConfig);
        counts.chosen += rows[0].chosen;
        counts.inserted += rows[0].inserted;
        batch = [];
      };
      for (const segment of segments)
        for await (const line of linesOf(s3, bucket, segment)) {
          batch.push(line);
          if (batch.length >= BATCH) await insert();
        }
      await insert();
      found.push(counts);
    }
    await client.query(given.write ? "COMMIT" : "ROLLBACK");
    return found;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
