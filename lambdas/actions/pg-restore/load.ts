import { createHash } from "node:crypto";
import { Transform, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pg from "pg";
import { from } from "pg-copy-streams";
import { WatchdogError } from "../../runtime/errors.ts";
import { catalogOf, digestsOf } from "../../runtime/sql/catalog.ts";
import type { DumpedTable, Manifest, Segment } from "../../runtime/sql/manifest.ts";
import { quoted, tableName } from "../../runtime/sql/names.ts";
import { streamOf, textOf } from "../../runtime/sql/objects.ts";

const failed = (what: string) =>
  new WatchdogError(
    "WorkFailed",
    `${what} The fresh database is empty and nothing uses it. Nothing else was changed. Take another dump or a snapshot.`,
  );

/** Every object of a table one after the other. */
async function* bytesOf(bucket: string, { segments }: DumpedTable): AsyncGenerator<Buffer> {
  for (const { key } of segments)
    for await (const chunk of await streamOf(bucket, key)) yield chunk as Buffer;
}

/** Copies a table's rows in and holds their SHA-256 and their count against the manifest. */
async function loadRows(client: pg.Client, bucket: string, dumped: DumpedTable): Promise<void> {
  const table = quoted(tableName(dumped.table));
  if (dumped.segments.length > 0) {
    const list = dumped.columns.map((column) => pg.escapeIdentifier(column)).join(", ");
    const hash = createHash("sha256");
    const hashed = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(
      bytesOf(bucket, dumped),
      createGunzip(),
      hashed,
      client.query(from(`COPY ${table} (${list}) FROM STDIN`)) as Writable,
    );
    if (hash.digest("hex") !== dumped.sha256)
      throw failed(`The rows of ${dumped.table} have another SHA-256 than when they were dumped.`);
  }
  const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
  if (rows[0].count !== dumped.rows)
    throw failed(`${dumped.table} has ${rows[0].count} row(s), and ${dumped.rows} were dumped.`);
}

/** SQL of the dump, as it was written: nothing else is run as the administrator. */
async function sqlOf(bucket: string, { key, sha256 }: Segment): Promise<string> {
  const text = await textOf(bucket, key);
  if (text === undefined) throw failed(`s3://${bucket}/${key} is missing.`);
  if (createHash("sha256").update(text).digest("base64") !== sha256)
    throw failed(`s3://${bucket}/${key} has another SHA-256 than when it was dumped.`);
  return text;
}

/** Rights one by one: a role that this server does not know has nothing to lose here. */
async function grant(client: pg.Client, text: string): Promise<string[]> {
  const refused: string[] = [];
  for (const statement of text.split(";\n").filter((each) => each.trim() !== "")) {
    await client.query("SAVEPOINT right_given");
    try {
      await client.query(statement);
    } catch (error) {
      await client.query("ROLLBACK TO SAVEPOINT right_given");
      refused.push(`${statement.replace(/;$/, "")}: ${(error as Error).message}`);
    }
  }
  return refused;
}

/** Objects that are not in the fresh database as they were in the dumped one, in words. */
async function unlike(client: pg.Client, { catalog }: Manifest): Promise<string[]> {
  const made = digestsOf(await catalogOf(client), () => true);
  return Object.entries(catalog).flatMap(([name, digest]) =>
    made[name] === digest ? [] : [`${name} is ${made[name] ? "defined otherwise" : "missing"}`],
  );
}

/** Loads a dump in the caller's transaction. Gives the rights that could not be given. */
export async function load(client: pg.Client, bucket: string, manifest: Manifest): Promise<string[]> {
  const { before, after, rights } = manifest.sql;
  // All of it is read before any of it is run.
  const [tables, others, granted] = [
    await sqlOf(bucket, before),
    await sqlOf(bucket, after),
    await sqlOf(bucket, rights),
  ];
  await client.query("SET LOCAL search_path = pg_catalog");
  await client.query(tables);
  for (const table of manifest.tables) await loadRows(client, bucket, table);
  await client.query(others);
  const refused = await grant(client, granted);
  const differences = await unlike(client, manifest);
  if (differences.length > 0)
    throw failed(`The fresh database is not what was dumped: ${differences.join("; ")}.`);
  return refused;
}
