import { gunzipSync } from "node:zlib";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { watchdogProgram } from "../../../../bin/program.ts";
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

  it("tells values apart that PostgreSQL holds to be equal, and not those whose column only has another type", async () => {
    const table = (quantity: string, colours: string) => `
      DROP TYPE IF EXISTS colour; CREATE TYPE colour AS ENUM (${colours});
      CREATE TABLE kinds (id int PRIMARY KEY, amount numeric, number bigint, rate float8, plan interval, parts numeric[],
        colour colour, quantity ${quantity}, document jsonb, kept text);`;
    const row = (id: number, more: Record<string, string> = {}) => {
      const {
        amount = "1.5",
        number = "1",
        rate = "0",
        plan = "30 days",
        parts = "{1.0}",
        kept = "'x'",
      } = more;
      return `(${id}, ${amount}, ${number}, '${rate}', '${plan}', '${parts}', 'red', 7, '{"a": [1, null]}', ${kept})`;
    };
    await here.query(
      `${table("int", "'red', 'blue'")} INSERT INTO kinds VALUES ${[1, 2, 3, 4, 5, 6, 7, 8].map((id) => row(id)).join(", ")}`,
    );
    // The same rows under another number of the enum, and another type of a column; six of them with one other value.
    await here.query(
      `CREATE TYPE before_it AS ENUM ('x'); ${table("bigint", "'green', 'red'")} INSERT INTO kinds VALUES ${[
        row(1),
        row(2, { amount: "1.50" }),
        row(3, { number: String(2n ** 32n) }),
        row(4, { rate: "-0" }),
        row(5, { plan: "1 mon" }),
        row(6, { parts: "{1.00}" }),
        row(7, { kept: "NULL" }),
        row(8),
      ].join(", ")}`,
      "lab",
      "restored",
    );

    const done = await step({ tables: ["kinds"] }).apply();

    expect(done.outputs).toMatchObject({ changed: 6, rows: 0, gone: 0, compared: 8 });
    for (const instance of [INSTANCE, "restored"])
      await here.query("DROP TABLE kinds; DROP TYPE colour", "lab", instance);
  });

  it("writes tables that others refer to first, for who puts them back", async () => {
    const { prefix } = (await step({ tables: ["experiments", "models"] }).apply()).outputs as {
      prefix: string;
    };

    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${prefix}/manifest.json` }));
    const { tables } = JSON.parse(await Body!.transformToString()) as { tables: { table: string }[] };
    expect(tables.map(({ table }) => table)).toEqual(["public.models", "public.experiments"]);
  });

  it("moves the restored database's sequences on, so that new rows do not take the numbers of exported ones", async () => {
    const numbered = "CREATE TABLE numbered (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, at int)";
    await here.query(`${numbered}; INSERT INTO numbered (at) SELECT generate_series(1, 20)`);
    await here.query(
      `${numbered}; INSERT INTO numbered (at) SELECT generate_series(1, 5)`,
      "lab",
      "restored",
    );
    const next = () =>
      here.query("INSERT INTO numbered (at) VALUES (0) RETURNING id", "lab", "restored").then(([row]) => row);

    await step({ tables: ["numbered"], sequences: "leave" }).apply();
    expect(await next()).toEqual({ id: 6 });
    await step({ tables: ["numbered"] }).apply();
    expect(await next()).toEqual({ id: 21 });
    await here.query("INSERT INTO numbered (at) SELECT generate_series(1, 30)", "lab", "restored");
    await step({ tables: ["numbered"] }).apply();
    expect(await next()).toEqual({ id: 52 });
  });

  it("is put back by watchdog reconcile: tried first, chosen rows, never over what is there", async () => {
    await here.query(`CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents, n numeric);
      INSERT INTO parents VALUES (1), (2); INSERT INTO children VALUES (1, 1, 1.50), (2, 2, 12345678901234567890.5), (3, 2, 3)`);
    await here.query(
      `CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents, n numeric)`,
      "lab",
      "restored",
    );
    const { prefix } = (await step({ tables: ["children", "parents"] }).apply()).outputs as {
      prefix: string;
    };
    // Somebody wrote one of them again meanwhile.
    await here.query(
      "INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1, 1, 9)",
      "lab",
      "restored",
    );
    const watchdog = async (...more: string[]) => {
      const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
      try {
        await watchdogProgram().parseAsync(["reconcile", `s3://${BUCKET}/${prefix}`, ...more], {
          from: "user",
        });
        return said.mock.calls.join("\n");
      } finally {
        said.mockRestore();
      }
    };
    const children = () => here.query("SELECT id, n::text FROM children ORDER BY id", "lab", "restored");

    expect(await watchdog()).toMatch(/3 {2}public\.children/);
    expect(await watchdog("--secret", SECRET)).toMatch(
      /public\.children: 2 of 3 row\(s\) would be put back, 1 there already[\s\S]*Nothing was changed/,
    );
    expect(await children()).toHaveLength(1);
    await expect(watchdog("--secret", SECRET, "--table", "public.children", "--write")).rejects.toThrow(
      /foreign key/,
    );
    await watchdog("--secret", SECRET, "--where", "r.id < 3", "--write");
    expect(await children()).toEqual([
      { id: 1, n: "9" },
      { id: 2, n: "12345678901234567890.5" },
    ]);
    await expect(watchdog("--table", "public.nothing")).rejects.toThrow(/No row of public\.nothing/);
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
