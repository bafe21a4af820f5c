import type pg from "pg";
import type { Expectation } from "../scenario.ts";
import { digestQuery, WORKFLOWS } from "./data.ts";
import type { Acknowledged } from "./load.ts";

export interface Digest {
  rows: number;
  digest: string;
}

/** One digest of all seeded workflows, as the scenario keeps it aside. */
export const digestOf = async (client: pg.Client, column: "steps" | "definition"): Promise<Digest> =>
  (await client.query<Digest>(digestQuery(column))).rows[0]!;

async function live(
  client: pg.Client,
  column: "steps" | "definition",
): Promise<Map<string, string | undefined>> {
  const { rows } = await client.query<{ name: string; value: { digest?: string }[] }>(
    `SELECT name, ${column} AS value FROM workflows WHERE name LIKE 'live-%'`,
  );
  return new Map(rows.map(({ name, value }) => [name, Array.isArray(value) ? value[0]?.digest : undefined]));
}

/** Compares the restored and the old database with the truth; times are machine times, epoch milliseconds. */
export async function compare(given: {
  restored: pg.Client;
  old: pg.Client;
  before: Digest;
  damaged: Digest;
  writes: Acknowledged[];
  restorePoint: number;
}): Promise<Expectation[]> {
  const { before, damaged, writes, restorePoint } = given;
  const [now, old] = [await digestOf(given.restored, "steps"), await digestOf(given.old, "definition")];
  const rows = await live(given.restored, "steps");
  const kept = await live(given.old, "definition");
  const committed = writes.filter(({ acknowledgedAt }) => acknowledgedAt < restorePoint);
  const found = committed.filter(({ name, digest }) => rows.get(name) === digest);
  const still = committed.filter(({ name }) => kept.has(name));
  return [
    {
      text: "every seeded workflow is back, byte for byte",
      held: now.digest === before.digest && now.rows === WORKFLOWS,
      detail: `${now.rows.toLocaleString("en")} workflows, digest ${now.digest === before.digest ? "as before the release" : "another"}`,
    },
    {
      text: "every workflow acknowledged before the restore point is there",
      held: committed.length > 0 && found.length === committed.length,
      detail: `${found.length} of ${committed.length} found`,
    },
    {
      text: "the old database still answers with all it had",
      held: old.digest === damaged.digest && still.length === committed.length,
      detail: `${old.rows.toLocaleString("en")} seeded and ${kept.size} live workflows`,
    },
  ];
}
