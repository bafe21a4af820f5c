import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BaseBackup, copyFolder } from "./backup.ts";
import { runAs } from "./binaries.ts";
import type { Cluster } from "./cluster.ts";

/** Where recovery ends: at a moment (machine time, epoch milliseconds), or as soon as the backup is consistent. */
export type RecoveryTarget = { time: number } | "consistent";

/**
 * Recovers `backup` with the WAL in `archive` into a new cluster and starts it. Resolves when it takes writes.
 * The target must lie between the backup's end and the last archived commit; outside of that PostgreSQL fails, or
 * silently gives later data (DESIGN, "PostgreSQL facts"), so callers refuse it first.
 */
export async function recover(
  cluster: Cluster,
  backup: BaseBackup,
  archive: string,
  target: RecoveryTarget,
): Promise<void> {
  cluster.prepareFolders();
  await copyFolder(backup.folder, cluster.data, true);
  cluster.configure([
    `restore_command = 'cp "${archive}/%f" %p 2>/dev/null'`,
    target === "consistent"
      ? "recovery_target = 'immediate'"
      : `recovery_target_time = '${timestamp(target.time)}'`,
    "recovery_target_action = 'promote'",
    "recovery_target_timeline = 'current'",
  ]);
  const signal = join(cluster.data, "recovery.signal");
  writeFileSync(signal, "");
  const user = runAs();
  if (user) chownSync(signal, user.uid, user.gid);
  await cluster.start();
}

/** With microseconds: at 60 times the machine's speed a sandbox second is 17 ms. */
function timestamp(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  const micros = Math.floor((milliseconds - whole * 1000) * 1000);
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, "0")}+00`;
}
