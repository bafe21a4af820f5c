import { gunzipSync } from "node:zlib";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verbs as dumpVerbs } from "../../../lambdas/actions/pg-dump/handler.ts";
import { verbs as restoreVerbs } from "../../../lambdas/actions/pg-restore/handler.ts";
import type { Manifest } from "../../../lambdas/runtime/sql/manifest.ts";
import { type DatabaseWorld, databaseWorld, INSTANCE, SECRET, stepOf } from "./database-world.ts";

let here: DatabaseWorld;
let s3: S3Client;
const there = { instance: INSTANCE, database: "lab", secret: SECRET, bucket: "lab-backups" };

/** A little of everything that a schema of an application has. */
const WORLD = `
CREATE ROLE reader; CREATE ROLE gone;
CREATE SCHEMA "Sales";
CREATE TYPE mood AS ENUM ('good', 'it''s bad');
CREATE DOMAIN percent AS int DEFAULT 5 NOT NULL CONSTRAINT up_to_100 CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE pair AS (a int, b text);
CREATE SEQUENCE numbers START 100 INCREMENT 7;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := now(); RETURN NEW; END $$;
CREATE FUNCTION half(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT n / 2';
CREATE TABLE "User" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(80) COLLATE "C" NOT NULL UNIQUE,
  mood mood DEFAULT 'good', share percent, touched timestamptz, extra jsonb, raw bytea, "both" pair,
  upper_email text GENERATED ALWAYS AS (upper(email)) STORED, half numeric DEFAULT half(3));
CREATE TABLE "Sales".orders (
  id int PRIMARY KEY DEFAULT nextval('numbers'), owner bigint NOT NULL REFERENCES "User" ON DELETE RESTRICT,
  total numeric(12,3) CHECK (total >= 0), placed date, tags text[], EXCLUDE USING btree (placed WITH =)) WITH (fillfactor = 80);
CREATE INDEX by_mood ON "User" (mood) WHERE mood = 'good';
CREATE TRIGGER touch BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE "User" DISABLE TRIGGER touch;
CREATE VIEW good AS SELECT id, email FROM "User" WHERE mood = 'good';
CREATE MATERIALIZED VIEW better AS SELECT count(*) AS n FROM good;
CREATE VIEW best AS SELECT * FROM better, "Sales".orders;
CREATE TABLE empty (nothing int);
ALTER TABLE empty ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON empty FOR SELECT TO reader USING (nothing > 0);
GRANT SELECT ON "User", good TO reader; GRANT USAGE ON SCHEMA "Sales" TO reader;
INSERT INTO "User" (email, mood, share, extra, raw, "both")
  SELECT 'user' || i || E'\\t\\\\N\\n' || 'é' || '@example.com', CASE WHEN i % 3 = 0 THEN 'it''s bad' ELSE 'good' END::mood, i % 100,
         jsonb_build_object('i', i, 'text', E'line\\nbreak'), decode(md5(i::text), 'hex'), (i, 'b' || i)::pair
    FROM generate_series(1, 500) i;
UPDATE "User" SET touched = '2026-01-01 10:00:00.123456+00' WHERE id = 7;
INSERT INTO "Sales".orders (owner, total, placed, tags)
  SELECT i, i * 1.125, date '2026-01-01' + i, ARRAY['a', NULL, i::text] FROM generate_series(1, 100) i;
REFRESH MATERIALIZED VIEW better;`;

const dump = (more: object = {}) => stepOf("pg-dump", dumpVerbs, { ...there, ...more });
const restore = (prefix: string, more: object = {}) =>
  stepOf("pg-restore", restoreVerbs, { ...there, prefix, ...more });
const outputsOf = async <Value>(step: { apply(): Promise<{ outputs?: object }> }) =>
  (await step.apply()).outputs as Value;
const manifestOf = async (prefix: string): Promise<Manifest> =>
  JSON.parse(await text(`${prefix}/manifest.json`).then((body) => body.toString()));
async function text(Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: there.bucket, Key }));
  return Buffer.from(await Body!.transformToByteArray());
}
const rowsOf = async (database: string) =>
  Promise.all(
    ['"User"', '"Sales".orders', "empty", "better", "best"].map((table) =>
      here.query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`, database),
    ),
  );

beforeAll(async () => {
  here = await databaseWorld();
  s3 = new S3Client({ ...here.test.admin, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: there.bucket }));
  await here.query(WORLD);
}, 60_000);
afterAll(() => here.close());

describe("a dump", () => {
  it("restored into a fresh database gives every row and every object again", async () => {
    const dumped = await outputsOf<{ prefix: string; rows: number }>(dump());
    const made = await outputsOf<{ database: string; rows: number; notGranted: string[] }>(
      restore(dumped.prefix),
    );

    expect(dumped.rows).toBe(600);
    expect(made).toMatchObject({ rows: 600, notGranted: [] });
    expect(await rowsOf(made.database)).toEqual(await rowsOf("lab"));
    // Sequences go on where they stood.
    const next = `INSERT INTO "Sales".orders (owner, total) VALUES (1, 1) RETURNING id`;
    const [[there_], [here_]] = [await here.query(next, made.database), await here.query(next)];
    expect(there_).toEqual(here_);
    expect(
      await here.query(`SELECT has_table_privilege('reader', 'good', 'SELECT') AS may`, made.database),
    ).toEqual([{ may: true }]);
  });

  it("is one snapshot: what is written while it is read is not in it", async () => {
    const step = dump({ tables: ["User"] });
    await step.preflight();
    const writer = await here.client();
    await writer.query('BEGIN; LOCK TABLE "User" IN ACCESS EXCLUSIVE MODE');

    const dumped = outputsOf<{ rows: number }>(step);
    await vi.waitUntil(async () => {
      const waiting = await here.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
      return waiting.length > 0;
    });
    await writer.query(`INSERT INTO "User" (email) VALUES ('late@example.com'); COMMIT`);
    await writer.end();

    expect((await dumped).rows).toBe(500);
  });

  it("is readable without the watchdog: SQL, and COPY's own text in gzip", async () => {
    const { prefix } = await outputsOf<{ prefix: string }>(dump({ tables: ["Sales.orders"] }));
    const [table] = (await manifestOf(prefix)).tables;

    const lines = gunzipSync(await text(table!.segments[0]!.key))
      .toString()
      .trimEnd()
      .split("\n");
    expect(lines[0]).toBe("100\t1\t1.125\t2026-01-02\t{a,NULL,1}");
    expect(lines).toHaveLength(table!.rows);
    expect((await text(`${prefix}/before.sql`)).toString()).toContain('CREATE TABLE "Sales".orders');
  });

  it.each([
    [
      "lost an object",
      async (key: string) => here.call("s3", "DeleteObject", { Bucket: there.bucket, Key: key }),
    ],
    [
      "has another object of the same size",
      async (key: string) => {
        const Body = await text(key);
        Body[Body.length - 1] = 255 - Body[Body.length - 1]!;
        await s3.send(new PutObjectCommand({ Bucket: there.bucket, Key: key, Body }));
      },
    ],
  ])("that %s is no backup: the step fails", async (_, harm) => {
    const step = dump({ tables: ["Sales.orders"] });
    const { prefix } = await outputsOf<{ prefix: string }>(step);
    const [segment] = (await manifestOf(prefix)).tables[0]!.segments;

    await harm(segment!.key);

    await expect(step.apply()).rejects.toMatchObject({
      name: "WorkFailed",
      message: expect.stringContaining(segment!.key),
    });
  });

  it.each([
    ["a table that is not there", { tables: ["nothing"] }, /no table public\.nothing/],
    ["a schema that is not there", { schemas: ["nothing"] }, /no schema nothing/],
    ["a bucket that is not there", { bucket: "nowhere" }, /bucket/],
  ])("is refused for %s", async (_, more, message) => {
    await expect(dump(more).preflight()).rejects.toThrow(message);
  });

  it("is refused for partitioned tables and for more than it can read at once", async () => {
    await here.query(`CREATE SCHEMA odd; CREATE TABLE odd.parts (id int) PARTITION BY RANGE (id);
      CREATE TABLE odd.many AS SELECT repeat(md5(i::text), 40) AS t FROM generate_series(1, 2500) i`);

    await expect(dump({ schemas: ["odd"] }).preflight()).rejects.toThrow(/odd\.parts is partitioned/);
    await expect(dump({ tables: ["odd.many"], upTo: 1 }).preflight()).rejects.toThrow(/upTo/);
    await here.query("DROP SCHEMA odd CASCADE");
  });
});

describe("a restore", () => {
  it("is refused into a database that exists: the live one above all", async () => {
    await expect(restore("dumps/x", { as: "lab" }).preflight()).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringMatching(/There is a database lab .* fresh one only/),
    });
  });

  it("of a dump whose rows changed leaves the fresh database empty and says so", async () => {
    const { prefix } = await outputsOf<{ prefix: string }>(dump({ tables: ["User"] }));
    const manifest = await manifestOf(prefix);
    manifest.tables[0]!.rows += 1;
    await s3.send(
      new PutObjectCommand({
        Bucket: there.bucket,
        Key: `${prefix}/manifest.json`,
        Body: JSON.stringify(manifest),
      }),
    );
    const step = restore(prefix);

    await expect(step.apply()).rejects.toMatchObject({
      name: "WorkFailed",
      message: expect.stringContaining("501 row(s), and 502 were dumped"),
    });
    const { target } = (await step.preflight()).before;
    expect(await here.query(`SELECT to_regclass('public."User"') AS found`, target)).toEqual([
      { found: null },
    ]);
  });

  it.each(["before", "after", "rights"] as const)(
    "of a dump whose SQL was written over (%s) runs none of it",
    async (part) => {
      const { prefix } = await outputsOf<{ prefix: string }>(dump({ tables: ["User"] }));
      const { key } = (await manifestOf(prefix)).sql[part];
      await s3.send(
        new PutObjectCommand({
          Bucket: there.bucket,
          Key: key,
          Body: `${(await text(key)).toString()}\nCREATE ROLE planted_${part};`,
        }),
      );

      await expect(restore(prefix).apply()).rejects.toMatchObject({
        name: "WorkFailed",
        message: expect.stringContaining(`${key} has another SHA-256`),
      });
      expect(await here.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'planted%'")).toEqual([]);
    },
  );

  it("gives what rights it can where a role is not known, and names the others", async () => {
    await here.query(`GRANT SELECT ON empty TO gone`);
    const { prefix } = await outputsOf<{ prefix: string }>(dump());
    await here.query("REVOKE ALL ON empty FROM gone; DROP ROLE gone");

    const { notGranted } = await outputsOf<{ notGranted: string[] }>(restore(prefix));

    expect(notGranted).toEqual([expect.stringMatching(/GRANT SELECT ON TABLE public\.empty TO gone.*gone/)]);
  });

  it("says set aside on the database, and drops nothing, when the run is reverted", async () => {
    const { prefix } = await outputsOf<{ prefix: string }>(dump({ tables: ["Sales.orders", "User"] }));
    const step = restore(prefix);
    const { database } = await outputsOf<{ database: string }>(step);

    await step.revert();

    expect(await here.query('SELECT count(*)::int AS n FROM "Sales".orders', database)).toEqual([{ n: 101 }]);
    expect(
      await here.query(
        `SELECT shobj_description(oid, 'pg_database') AS said FROM pg_database WHERE datname = '${database}'`,
      ),
    ).toEqual([{ said: expect.stringContaining("set aside") }]);
  });
});
