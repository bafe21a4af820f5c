import type pg from "pg";
import { SCHEMA } from "../../runtime/sql/own-schema.ts";

/** Where every sequence stands, by its quoted name; those never used are left out. */
async function standing(client: pg.ClientBase): Promise<Map<string, bigint>> {
  const { rows } = await client.query(
    `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS value
       FROM pg_sequences WHERE last_value IS NOT NULL AND increment_by > 0 AND schemaname <> $1`,
    [SCHEMA],
  );
  return new Map(rows.map(({ name, value }) => [name as string, BigInt(value as string)]));
}

/**
 * Moves the restored database's sequences to where the old one's stand, never back. Otherwise the first new rows
 * would get the numbers of the exported ones, and those could not be put back any more.
 */
export async function advanceSequences(old: pg.ClientBase, restored: pg.ClientBase): Promise<string[]> {
  const [there, here] = [await standing(old), await standing(restored)];
  const advanced: string[] = [];
  for (const [name, value] of there) {
    if (value <= (here.get(name) ?? 0n)) continue;
    const { rows } = await restored.query("SELECT to_regclass($1) IS NOT NULL AS there", [name]);
    if (!rows[0].there) continue;
    await restored.query("SELECT setval($1::regclass, $2::bigint, true)", [name, String(value)]);
    advanced.push(name);
  }
  return advanced;
}
