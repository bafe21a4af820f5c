import { chownSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { takeBaseBackup } from "./backup.ts";
import { runAs } from "./binaries.ts";
import { type Cluster, SUPERUSER } from "./cluster.ts";

/**
 * Makes a server that only reads: a streaming standby of another one, from a base backup of it. Resolves when it answers;
 * what the other commits from then on follows within milliseconds.
 */
export async function standBy(cluster: Cluster, primary: Cluster): Promise<void> {
  const backup = await takeBaseBackup(primary);
  cluster.prepareFolders();
  renameSync(backup.folder, cluster.data);
  const { address, port, superuserPassword } = primary.options;
  cluster.configure([
    `primary_conninfo = 'host=${address} port=${port} user=${SUPERUSER} password=${superuserPassword} sslmode=require'`,
    // What had been written before it began to stream.
    `restore_command = 'cp "${primary.archive}/%f" %p 2>/dev/null'`,
  ]);
  const signal = join(cluster.data, "standby.signal");
  writeFileSync(signal, "");
  const user = runAs();
  if (user) chownSync(signal, user.uid, user.gid);
  await cluster.start("standby");
}
