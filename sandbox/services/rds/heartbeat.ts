import type { World } from "../../world.ts";
import type { Instance } from "./state.ts";

/** Sandbox milliseconds between two heartbeats; on AWS the latest restorable time trails by up to five minutes. */
const EVERY = 120_000;
/** Machine milliseconds between two heartbeats at the least, at any speed. */
const LEAST = 500;

/**
 * Commits a heartbeat, switches the WAL and waits until it is archived: only then is the moment of that commit
 * restorable. A quiet database would otherwise never archive, and recovery to a later moment is a fatal error.
 */
export async function beat(world: World, instance: Instance): Promise<void> {
  const { cluster } = instance;
  const [row] = await cluster.query<{ at: string; wal: string }>(
    "UPDATE heartbeat SET at = clock_timestamp() RETURNING extract(epoch FROM clock_timestamp()) * 1000 AS at, pg_walfile_name(pg_current_wal_insert_lsn()) AS wal",
    [],
    "rdsadmin",
  );
  await cluster.query("SELECT pg_switch_wal()");
  const end = performance.now() + 20_000;
  for (;;) {
    const [archiver] = await cluster.query<{ done: boolean }>(
      "SELECT coalesce(last_archived_wal >= $1, false) AS done FROM pg_stat_archiver",
      [row!.wal],
    );
    if (archiver?.done) break;
    if (performance.now() > end)
      throw new Error(`WAL ${row!.wal} of ${instance.id} was not archived in 20 s: ${cluster.lastLog()}`);
    await world.clock.sleep(20 * world.clock.speed);
  }
  instance.restorableUntil = Math.max(
    instance.restorableUntil ?? 0,
    world.clock.fromMachine(Number(row!.at)),
  );
}

/** Makes the heartbeat's table and keeps it beating until stopped; a failed beat is logged and the next one tried. */
export async function startHeartbeat(world: World, instance: Instance): Promise<void> {
  const [exists] = await instance.cluster.query("SELECT 1 FROM pg_database WHERE datname = 'rdsadmin'");
  if (!exists) {
    await instance.cluster.query("CREATE DATABASE rdsadmin");
    await instance.cluster.query("CREATE TABLE heartbeat (at timestamptz NOT NULL)", [], "rdsadmin");
    await instance.cluster.query("INSERT INTO heartbeat VALUES (clock_timestamp())", [], "rdsadmin");
  }
  resumeHeartbeat(world, instance);
}

/** Beats from now on, until `instance.stopHeartbeat`. */
export function resumeHeartbeat(world: World, instance: Instance): void {
  let beating = false;
  const once = () => {
    if (beating || instance.status === "stopped" || instance.status === "deleting") return;
    beating = true;
    beat(world, instance)
      .catch((error: Error) => world.log("rds", `no heartbeat on ${instance.id}: ${error.message}`))
      .finally(() => {
        beating = false;
      });
  };
  instance.stopHeartbeat = world.clock.every(Math.max(EVERY, LEAST * world.clock.speed), once);
  once();
}
