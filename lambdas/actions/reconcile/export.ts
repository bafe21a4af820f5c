import { once } from "node:events";
import { createGzip } from "node:zlib";
import pg from "pg";
import type { Segment } from "../../runtime/sql/manifest.ts";
import { quoted, tableName } from "../../runtime/sql/names.ts";
import { putObject } from "../../runtime/sql/objects.ts";
import { fieldsOf, type KeyColumn } from "./keys.ts";

/** Rows fetched at once by their keys. */
const BATCH = 500;
/** Bytes after which an object is closed and the next one begun. */
const SEGMENT = 8 * 2 ** 20;

/** Rows of one table on their way to S3: keys go in, JSON lines come out, a batch and a segment held at a time. */
export class RowExport {
  rows = 0;
  readonly segments: Segment[] = [];
  readonly #client: pg.ClientBase;
  readonly #query: string;
  readonly #key: KeyColumn[];
  readonly #bucket: string;
  readonly #folder: string;
  readonly #gzip = createGzip({ level: 1 });
  #keys: Buffer[] = [];
  #held: Buffer[] = [];
  #size = 0;

  constructor(client: pg.ClientBase, table: string, key: KeyColumn[], bucket: string, prefix: string) {
    this.#client = client;
    this.#key = key;
    this.#bucket = bucket;
    this.#folder = `${prefix}/rows/${encodeURIComponent(table)}`;
    const arrays = key.map((_, index) => `$${index + 1}::text[]`).join(", ");
    const names = key.map((_, index) => `k${index}`).join(", ");
    const meets = key
      .map(({ name, type }, index) => `t.${pg.escapeIdentifier(name)} = k.k${index}::${type}`)
      .join(" AND ");
    this.#query = `SELECT to_jsonb(t)::text AS row FROM unnest(${arrays}) WITH ORDINALITY AS k (${names}, place)
      JOIN ${quoted(tableName(table))} t ON ${meets} ORDER BY k.place`;
    this.#gzip.on("data", (chunk: Buffer) => {
      this.#held.push(chunk);
      this.#size += chunk.byteLength;
    });
  }

  /** Takes a key as COPY wrote it; a promise when there is enough to fetch. */
  add(key: Buffer): Promise<void> | undefined {
    // A copy: what it is a part of is read over.
    this.#keys.push(Buffer.from(key));
    return this.#keys.length >= BATCH ? this.#fetch() : undefined;
  }

  /** Fetches and writes what is left. */
  async end(): Promise<void> {
    await this.#fetch();
    this.#gzip.end();
    await once(this.#gzip, "end");
    if (this.rows > 0) await this.#close();
  }

  async #fetch(): Promise<void> {
    const keys = this.#keys.map(fieldsOf);
    this.#keys = [];
    if (keys.length === 0) return;
    const { rows } = await this.#client.query(
      this.#query,
      this.#key.map((_, index) => keys.map((fields) => fields[index]!.toString())),
    );
    if (rows.length !== keys.length)
      throw new Error(`${rows.length} of ${keys.length} rows were found again by their keys`);
    this.rows += rows.length;
    const text = rows.map(({ row }) => `${row}\n`).join("");
    if (!this.#gzip.write(text)) await once(this.#gzip, "drain");
    if (this.#size >= SEGMENT) await this.#close();
  }

  async #close(): Promise<void> {
    const body = Buffer.concat(this.#held);
    this.#held = [];
    this.#size = 0;
    const key = `${this.#folder}/${String(this.segments.length + 1).padStart(6, "0")}.jsonl.gz`;
    this.segments.push(await putObject(this.#bucket, key, body, "application/gzip"));
  }
}
