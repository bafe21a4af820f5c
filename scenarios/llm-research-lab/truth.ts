import type pg from "pg";
import type { Expectation } from "../scenario.ts";
import { digestQuery, ROWS, TABLES } from "./data.ts";
import type { Acknowledged } from "./load.ts";

/** What a database held, as the scenario keeps it aside. */
export type Digests = Record<string, { rows: number; digest: string }>;

/** Reads one digest for each table's seeded rows. */
export async function digests(client: pg.Client): Promise<Digests> {
  const found: Digests = {};
  for (const table of TABLES) found[table] = (await client.query(digestQuery(table))).rows[0];
  return found;
}

/** The writes of the load that a database holds, by name. */
export async function liveRows(
  client: pg.Client,
): Promise<Map<string, { model_id: string; metrics: { accuracy: number; digest: string } }>> {
  const { rows } = await client.query(
    "SELECT name, model_id, metrics FROM experiments WHERE name LIKE 'live-%'",
  );
  return new Map(rows.map((row) => [row.name as string, row]));
}

const same = (
  row: { model_id: string; metrics: { accuracy: number; digest: string } } | undefined,
  write: Acknowledged,
) =>
  row !== undefined &&
  Number(row.model_id) === write.model &&
  row.metrics?.accuracy === write.metrics.accuracy &&
  row.metrics?.digest === write.metrics.digest;

/**
 * Compares the restored and the old database with the truth.
 *
 * `restorePoint` and `cutover` are machine times, epoch milliseconds. A write counts as before the restore point
 * when its acknowledgement had arrived by then, and as after it when it had not been sent; what was under way
 * at that moment may be on either side.
 */
export async function compare(given: {
  restored: pg.Client;
  old: pg.Client;
  before: Digests;
  damaged: Digests;
  writes: Acknowledged[];
  restorePoint: number;
  fenced: number;
}): Promise<Expectation[]> {
  const restoredDigests = await digests(given.restored);
  const oldDigests = await digests(given.old);
  const restoredRows = await liveRows(given.restored);
  const oldRows = await liveRows(given.old);

  const committed = given.writes.filter((write) => write.acknowledgedAt < given.restorePoint);
  const missing = committed.filter((write) => !same(restoredRows.get(write.name), write));
  const setAside = given.writes.filter(
    (write) => write.sentAt > given.restorePoint && write.acknowledgedAt < given.fenced,
  );
  const leaked = setAside.filter((write) => restoredRows.has(write.name));
  const seededRows = TABLES.reduce((sum, table) => sum + ROWS[table], 0);
  const changed = TABLES.filter((table) => restoredDigests[table]?.digest !== given.before[table]?.digest);
  const oldHeld = given.writes.filter((write) => write.acknowledgedAt < given.fenced);
  // The old rows were damaged by the migration too; what it must hold is what it held when it was fenced.
  const oldLost = oldHeld.filter((write) => !oldRows.has(write.name));
  const oldChanged = TABLES.filter((table) => oldDigests[table]?.digest !== given.damaged[table]?.digest);

  return [
    {
      text: "every seeded row is back, byte for byte",
      held: changed.length === 0,
      detail:
        changed.length === 0
          ? `${seededRows.toLocaleString("en")} rows in ${TABLES.length} tables have the digest they had before the release`
          : `${changed.join(", ")} differ from what they were before the release`,
    },
    {
      text: "every write acknowledged before the restore point is there",
      held: committed.length > 0 && missing.length === 0,
      detail: `${committed.length - missing.length} of ${committed.length} writes found`,
      lost: missing.length,
    },
    {
      text: "nothing written after the restore point came along",
      held: leaked.length === 0,
      detail: `${setAside.length} writes after it, ${leaked.length} in the restored database`,
    },
    {
      text: "the old database still answers with all it had",
      held: oldLost.length === 0 && oldChanged.length === 0 && oldHeld.length > 0,
      lost: oldLost.length,
      detail: `${oldHeld.length - oldLost.length} of ${oldHeld.length} live writes, ${
        oldChanged.length === 0
          ? "all tables as they were when it was fenced"
          : `${oldChanged.join(", ")} changed since`
      }`,
    },
  ];
}

/**
 * Every write after the restore point was exported: with its values, or as the migration left it (it takes metrics
 * only, and never invents any).
 */
export function laterRows(
  writes: Acknowledged[],
  exported: Map<string, { model_id: number; metrics: unknown }>,
): Expectation {
  const found = writes.filter((write) => {
    const row = exported.get(write.name);
    const digest = (row?.metrics as { digest?: string } | null | undefined)?.digest;
    return row?.model_id === write.model && (digest === write.metrics.digest || row.metrics === null);
  });
  return {
    text: "every row written after the restore point was exported",
    held: writes.length > 0 && found.length === writes.length,
    detail: `${found.length} of ${writes.length} writes found in ${exported.size} exported rows`,
  };
}
