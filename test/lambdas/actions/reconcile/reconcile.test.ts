import { gunzipSync } from "node:zlib";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verbs } from "../../../../lambdas/actions/reconcile/handler.ts";
import { type DatabaseWorld, databaseWorld, INSTANCE, SECRET, stepOf } from "../database-world.ts";

let here: DatabaseWorld;
let s3: S3Client;
const BUCKET = "lab-rows";

/** Two databases of one name are two instances; here a second instance with the same rows. */
const ROWS = `
CREATE TABLE models (id int PRIMARY KEY, name text);
CREATE TABLE experiments (id bigint PRIMARY KEY, model int REFERENCES models, metrics jsonb, at timestamptz);
CREATE TABLE names (name text, part uuid, value numeric(10,3), PRIMARY KEY (name, part));
CREATE TABLE loose (n int);
INSERT INTO models SELECT i, 'm' || i FROM generate_series(1, 50) i;
INSERT INTO experiments SELECT i, 1 + i % 50, jsonb_build_object('i', i), '2026-01-01'::timestamptz + i * interval '1 s' FROM generate_series(1, 3000) i;
INSERT INTO names SELECT chr(40 + i % 80) || E'\\t' || i, md5(i::text)::uuid, i / 7.0 FROM generate_series(1, 400) i;`;

beforeAll(async () => {
  here = await databaseWorld();
  s3 = new S3Client({ ...here.test.admin, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await here.addInstance("restored");
  await here.query(ROWS);
  await here.query(ROWS, "lab", "restored");
}, 60_000);
afterAll(() => here.close());

async function exported(prefix: string, table: string): Promise<Record<string, unknown>[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `${prefix}/rows/${table}/` }),
  );
  const lines: Record<string, unknown>[] = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    const text = gunzipSync(Buffer.from(await Body!.transformToByteArray())).toString();
    for (const line of text.trimEnd().split("\n")) lines.push(JSON.parse(line));
  }
  return lines;
}
const step = (more: object = {}) =>
  stepOf("reconcile", verbs, {
    instance: INSTANCE,
    database: "lab",
    secret: SECRET,
    host: here.endpoint("restored"),
    bucket: BUCKET,
    ...more,
  });

describe("reconcile", () => {
  it("exports what only the old database has, and counts what differs and what is gone", async () => {
    await here.query(`
      ALTER TABLE experiments ADD COLUMN accuracy float8;
      INSERT INTO models VALUES (51, 'new');
      INSERT INTO experiments SELECT i, 51, '{"late": true}', '2026-02-01', 0.5 FROM generate_series(3001, 4200) i;
      UPDATE experiments SET metrics = NULL WHERE id % 100 = 0 AND id <= 3000;
      DELETE FROM experiments WHERE id IN (7, 8, 9);
      INSERT INTO names VALUES (E'~\\t\\n\\\\', '00000000-0000-0000-0000-000000000000', 1)`);

    const done = await step().apply();

    const outputs = done.outputs as { prefix: string };
    expect(outputs).toMatchObject({
      rows: 1202,
      changed: 30,
      gone: 3,
      compared: 51 + 4197 + 401,
      tables: { "public.models": 1, "public.experiments": 1200, "public.names": 1 },
      withoutKey: ["public.loose"],
    });
    const rows = await exported(outputs.prefix, "public.experiments");
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 1200 }, (_, index) => 3001 + index));
    expect(rows[0]).toEqual({
      id: 3001,
      model: 51,
      metrics: { late: true },
      at: "2026-02-01T00:00:00+00:00",
      accuracy: 0.5,
    });
    expect(await exported(outputs.prefix, "public.names")).toEqual([
      { name: "~\t\n\\", part: "00000000-0000-0000-0000-000000000000", value: 1.0 },
    ]);
  });

  it("writes tables that others refer to first, for who puts them back", async () => {
    const { prefix } = (await step({ tables: ["experiments", "models"] }).apply()).outputs as {
      prefix: string;
    };

    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${prefix}/manifest.json` }));
    const { tables } = JSON.parse(await Body!.transformToString()) as { tables: { table: string }[] };
    expect(tables.map(({ table }) => table)).toEqual(["public.models", "public.experiments"]);
  });

  it("says so when a table is not in the restored database", async () => {
    await here.query("CREATE TABLE only_here (id int PRIMARY KEY)");

    await expect(step({ tables: ["only_here"] }).apply()).rejects.toMatchObject({
      name: "WorkFailed",
      message: expect.stringMatching(/only_here is not in the restored database/),
    });
    await here.query("DROP TABLE only_here");
  });

  it("is refused for a table that has no primary key", async () => {
    await expect(step({ tables: ["loose"] }).preflight()).rejects.toMatchObject({ name: "Refusal" });
  });
});
