import { randomUUID } from "node:crypto";
import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, runAs } from "./binaries.ts";
import type { Cluster } from "./cluster.ts";

/** A base backup: a copy of the data folder that recovers to `endedAt` or later. */
export interface BaseBackup {
  folder: string;
  /** Machine time, epoch milliseconds: recovery to an earlier moment would silently give later data. */
  endedAt: number;
  /** The last WAL file it needs to be consistent. */
  lastWal: string;
}

/** Folders whose content belongs to the running server or comes from the archive. */
const LEFT_OUT = [
  "pg_wal",
  "pg_dynshmem",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "pg_replslot",
];

/** Takes a base backup of a running cluster (pg_backup_start, copy, pg_backup_stop). */
export async function takeBaseBackup(cluster: Cluster): Promise<BaseBackup> {
  const folder = join(cluster.base, randomUUID());
  const client = cluster.client("postgres");
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('sandbox', true)");
    await copyFolder(cluster.data, folder);
    const { rows } = await client.query(
      "SELECT labelfile, spcmapfile, lsn, pg_walfile_name(lsn) AS wal FROM pg_backup_stop(false)",
    );
    const user = runAs();
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      if (user) chownSync(join(folder, name), user.uid, user.gid);
    };
    write("backup_label", rows[0].labelfile);
    if (rows[0].spcmapfile) write("tablespace_map", rows[0].spcmapfile);
    const { rows: time } = await client.query("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now");
    await client.query("SELECT pg_switch_wal()");
    for (const name of LEFT_OUT) {
      if (existsSync(join(folder, name))) continue;
      mkdirSync(join(folder, name), { mode: 0o700 });
      if (user) chownSync(join(folder, name), user.uid, user.gid);
    }
    return { folder, endedAt: Number(time[0].now), lastWal: rows[0].wal };
  } finally {
    await client.end();
  }
}

/** Copies a data folder, sharing blocks where the file system can; files that vanish meanwhile are not needed. */
export async function copyFolder(from: string, to: string, withWal = false): Promise<void> {
  const left = (withWal ? [] : LEFT_OUT).map((name) => `--exclude=./${name}/*`);
  const user = runAs();
  mkdirSync(to, { recursive: true, mode: 0o700 });
  if (user) chownSync(to, user.uid, user.gid);
  // tar leaves out what cp cannot; a server that writes while it reads makes it say so and end with code 1.
  const quiet = (said: string) =>
    said
      .split("\n")
      .every(
        (line) =>
          line === "" ||
          /file changed as we read it|File removed before we read it|Cannot stat: No such file|Exiting with failure status due to previous errors/.test(
            line,
          ),
      );
  await run(
    "sh",
    [
      "-c",
      'tar -C "$1" --exclude=./postmaster.pid --exclude=./postmaster.opts $3 -cf - . | tar -C "$2" -xpf -',
      "sh",
      from,
      to,
      left.join(" "),
    ],
    quiet,
  );
}
