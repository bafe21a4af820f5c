import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { machineClock } from "../sandbox/clock.ts";
import { allocateHost, releaseHost } from "../sandbox/engines/hosts.ts";
import { Cluster } from "../sandbox/engines/postgres/cluster.ts";
import { recover } from "../sandbox/engines/postgres/recovery.ts";
import { rds } from "../sandbox/services/rds/index.ts";
import { type Instance, instanceNamed } from "../sandbox/services/rds/state.ts";
import { World } from "../sandbox/world.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 3;
/** Milliseconds that the tiny restore may take beyond the floor. */
const TINY_EXTRA = 1_000;
/** Rows of the large database: a little more than 1 GB of WAL. */
const LARGE_ROWS = 5_500_000;

/** A restore through the RDS API of the sandbox against the same base backup, WAL and target recovered by hand. */
export async function restoreBench(): Promise<BenchResult[]> {
  const root = mkdtempSync(join(tmpdir(), "watchdog-restore-bench-"));
  chmodSync(root, 0o755);
  const world = new World({ root, clock: machineClock(60) });
  await world.register(rds);
  const call = <Output>(operation: string, input: object) =>
    world.call<Output>({ service: "rds", operation, input, principal: { type: "admin" } });
  const status = (id: string) => instanceNamed(world, id).status;
  const until = async (test: () => boolean) => {
    while (!test()) await pause(5);
  };

  async function measure(
    id: string,
    fill: string[],
  ): Promise<{ product: number; bare: number; wal: number }> {
    await call("CreateDBInstance", {
      DBInstanceIdentifier: id,
      Engine: "postgres",
      MasterUsername: "bench",
      MasterUserPassword: "bench-bench",
      DBInstanceClass: "db.t3.micro",
      AllocatedStorage: 20,
    });
    await until(() => status(id) === "available");
    const source = instanceNamed(world, id);
    for (const statement of fill) await source.cluster.query(statement);
    const [size] = await source.cluster.query<{ bytes: string }>(
      "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bytes",
    );
    const target = world.clock.now();
    await until(() => (source.restorableUntil ?? 0) > target);
    // The heartbeat would write WAL beside the measurement.
    source.stopHeartbeat();
    const times = { product: [] as number[], bare: [] as number[] };
    for (let each = 0; each < REPETITIONS; each += 1) {
      times.bare.push(await bareRestore(source, join(root, `bare-${id}-${each}`), target));
      times.product.push(await productRestore(id, `${id}-r-${each}`, target));
    }
    return { product: median(times.product), bare: median(times.bare), wal: Number(size!.bytes) };
  }

  async function productRestore(source: string, id: string, target: number): Promise<number> {
    const begun = performance.now();
    // Without automated backups on the copy, so that both sides end when the server takes writes.
    await call("RestoreDBInstanceToPointInTime", {
      SourceDBInstanceIdentifier: source,
      TargetDBInstanceIdentifier: id,
      RestoreTime: new Date(target),
      BackupRetentionPeriod: 0,
    });
    await until(() => status(id) !== "creating");
    const took = performance.now() - begun;
    if (status(id) !== "available") throw new Error(`the restore bench failed: ${id} is ${status(id)}`);
    await call("DeleteDBInstance", { DBInstanceIdentifier: id, SkipFinalSnapshot: true });
    return took;
  }

  async function bareRestore(source: Instance, folder: string, target: number): Promise<number> {
    const machineTime = world.clock.toMachine(target);
    const name = `bare-${performance.now()}.bench`;
    const { address } = await allocateHost(world, name, [5432]);
    const cluster = new Cluster({ ...source.cluster.options, folder, address });
    const begun = performance.now();
    await recover(
      cluster,
      source.backups.findLast(({ endedAt }) => endedAt <= machineTime)!,
      source.cluster.archive,
      { time: machineTime },
    );
    const took = performance.now() - begun;
    await cluster.stop();
    releaseHost(world, name);
    rmSync(folder, { recursive: true, force: true });
    return took;
  }

  try {
    const tiny = await measure("tiny", [
      "CREATE TABLE t (i int)",
      "INSERT INTO t SELECT generate_series(1, 100)",
    ]);
    const large = await measure("large", [
      "CREATE TABLE t (i int, a text, b text)",
      `INSERT INTO t SELECT i, md5(i::text) || md5(i::text || 'a'), md5(i::text || 'b') || md5(i::text || 'c') FROM generate_series(1, ${LARGE_ROWS}) i`,
    ]);
    const gigabytes = (large.wal / 1e9).toFixed(2);
    const extra = tiny.product - tiny.bare;
    return [
      {
        name: "restore of a tiny database: product / bare recovery",
        a: tiny.product,
        b: tiny.bare,
        ratio: tiny.product / tiny.bare,
        bar: (tiny.bare + TINY_EXTRA) / tiny.bare,
        holds: extra <= TINY_EXTRA,
        unit: "ms",
        note: `${Math.round(extra)} ms above the floor, at most ${TINY_EXTRA}`,
      },
      {
        name: "restore with 1 GB of WAL: product / bare recovery",
        a: large.product,
        b: large.bare,
        ratio: large.product / large.bare,
        bar: 1.1,
        holds: large.product / large.bare <= 1.1,
        unit: "ms",
        note: `${gigabytes} GB of WAL`,
      },
    ];
  } finally {
    await world.stop();
    rmSync(root, { recursive: true, force: true });
  }
}
