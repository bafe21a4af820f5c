import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type pg from "pg";
import { to } from "pg-copy-streams";
import { comparator, keyColumn, orderedQuery } from "../lambdas/actions/reconcile/keys.ts";
import { merge } from "../lambdas/actions/reconcile/merge.ts";
import { keyedTables } from "../lambdas/actions/reconcile/tables.ts";
import { machineClock } from "../sandbox/clock.ts";
import { rds } from "../sandbox/services/rds/index.ts";
import { instanceNamed } from "../sandbox/services/rds/state.ts";
import { World } from "../sandbox/world.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 3;
const SIZES = [10_000, 1_000_000];
/** Every row whose number this divides is missing in the restored database. */
const MISSING = 100;
const MEGABYTE = 2 ** 20;
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** The comparison of two tables against COPY of the same rows, side by side too, and how its memory grows with them. */
export async function reconcileBench(): Promise<BenchResult[]> {
  const root = mkdtempSync(join(tmpdir(), "watchdog-reconcile-bench-"));
  chmodSync(root, 0o755);
  const world = new World({ root, clock: machineClock(60) });
  await world.register(rds);
  const ids = ["old", "restored"] as const;
  const open: pg.Client[] = [];
  try {
    for (const id of ids)
      await world.call({
        service: "rds",
        operation: "CreateDBInstance",
        principal: { type: "admin" },
        input: {
          DBInstanceIdentifier: id,
          Engine: "postgres",
          MasterUsername: "bench",
          MasterUserPassword: "bench-bench",
          DBInstanceClass: "db.t3.micro",
          AllocatedStorage: 20,
          BackupRetentionPeriod: 0,
        },
      });
    const client = async (id: string): Promise<pg.Client> => {
      while (instanceNamed(world, id).status !== "available") await pause(5);
      const made = instanceNamed(world, id).cluster.client("postgres");
      await made.connect();
      open.push(made);
      return made;
    };
    const [old, restored] = [await client("old"), await client("restored")];
    const figures: { rows: number; ours: number; copy: number; memory: number }[] = [];
    for (const rows of SIZES) {
      const table = `t${rows}`;
      for (const side of [old, restored]) {
        const missing = side === restored ? `WHERE i % ${MISSING} <> 0` : "";
        await side.query(
          `CREATE TABLE ${table} AS SELECT i::bigint AS id, md5(i::text) AS name, i * 1.5 AS total, '2026-01-01'::timestamptz + i * interval '1 s' AS at FROM generate_series(1, ${rows}) i ${missing}`,
        );
        await side.query(`ALTER TABLE ${table} ADD PRIMARY KEY (id)`);
        await side.query(`VACUUM ANALYZE ${table}`);
      }
      const times = { ours: [] as number[], copy: [] as number[] };
      for (let each = 0; each < REPETITIONS; each += 1) {
        times.copy.push(await timed(() => Promise.all([copied(old, table), copied(restored, table)])));
        times.ours.push(
          await timed(async () => {
            const { missing, changed } = await compared(old, restored, table, false);
            if (missing !== rows / MISSING || changed > 0)
              throw new Error(`${missing} missing and ${changed} changed rows were found`);
          }),
        );
      }
      // A run of its own: collecting takes time.
      const { memory } = await compared(old, restored, table, true);
      figures.push({ rows, ours: median(times.ours), copy: median(times.copy), memory });
    }
    const [small, large] = [figures[0]!, figures.at(-1)!];
    const rate = ({ rows }: { rows: number }, milliseconds: number) => rows / milliseconds;
    const ratio = rate(large, large.ours) / rate(large, large.copy);
    const growth = (large.memory - small.memory) / MEGABYTE;
    return [
      {
        name: "reconcile of 1,000,000 rows: rate / COPY of both",
        a: rate(large, large.ours),
        b: rate(large, large.copy),
        ratio,
        bar: 0.7,
        holds: ratio >= 0.7,
        unit: "rows/ms",
        note: `${large.rows / MISSING} rows missing; both databases on this machine`,
      },
      {
        name: "reconcile memory: 1,000,000 rows / 10,000 rows",
        a: large.memory / MEGABYTE,
        b: small.memory / MEGABYTE,
        ratio: large.memory / small.memory,
        bar: (small.memory + 32 * MEGABYTE) / small.memory,
        holds: growth <= 32,
        unit: "MB",
        note: `${growth.toFixed(1)} MB more, at most 32`,
      },
    ];
  } finally {
    for (const each of open) await each.end().catch(() => undefined);
    await world.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** What `\copy` does: every row over the wire, and dropped. */
async function copied(client: pg.Client, table: string): Promise<void> {
  const stream = client.query(to(`COPY ${table} TO STDOUT`)) as Readable;
  for await (const _ of stream);
}

async function compared(
  old: pg.Client,
  restored: pg.Client,
  table: string,
  measured: boolean,
): Promise<{ missing: number; changed: number; memory: number }> {
  const key = [keyColumn({ name: "id", type: "bigint" })];
  const { tables } = await keyedTables(old);
  const { columns } = tables.find((each) => each.table === `public.${table}`)!;
  const { rows } = await old.query("SHOW server_version_num");
  const query = orderedQuery(table, key, columns, Number(rows[0].server_version_num));
  let memory = 0;
  let seen = 0;
  const found = await merge(
    old.query(to(query)) as Readable,
    restored.query(to(query)) as Readable,
    comparator(key),
    () => {
      seen += 1;
      if (!measured || seen % 50 !== 0) return undefined;
      // What is held, not what was not collected yet.
      collect();
      const { external, heapUsed } = process.memoryUsage();
      memory = Math.max(memory, external + heapUsed);
      return undefined;
    },
  );
  return { missing: found.onlyLeft, changed: found.changed, memory };
}
