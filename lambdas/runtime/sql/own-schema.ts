import type pg from "pg";
import { refusal } from "../errors.ts";

/** The watchdog's own schema: which steps were done here, and the rows as they were before. Never dropped. */
export const SCHEMA = "rollback_watchdog";

const TABLES = `
CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
CREATE TABLE IF NOT EXISTS ${SCHEMA}.steps (
  run text NOT NULL, step text NOT NULL, done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  undone_at timestamptz, what jsonb NOT NULL, PRIMARY KEY (run, step));
CREATE TABLE IF NOT EXISTS ${SCHEMA}.kept_rows (
  run text NOT NULL, step text NOT NULL, table_name text NOT NULL, key jsonb NOT NULL,
  before jsonb NOT NULL, after jsonb, PRIMARY KEY (run, step, table_name, key));`;

/** A step of a run, as the schema knows it. */
export interface StepKey {
  run: string;
  step: string;
}

/** What a step left in its own transaction: it is there exactly when the step's changes are. */
export interface StepRecord<What> {
  what: What;
  undone: boolean;
}

/** Makes the schema unless it is there. In a transaction of its own, before the one that changes anything. */
export async function ensureSchema(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query("SELECT to_regclass($1) IS NOT NULL AS there", [`${SCHEMA}.kept_rows`]);
  if (rows[0].there) return;
  await client.query("BEGIN");
  try {
    // Two watchdogs of one database would both find it missing.
    await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [SCHEMA]);
    await client.query(TABLES);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

/** Refuses a user that could not make or use the schema, and a server that does not count rows. For preflight. */
export async function mayKeep(client: pg.ClientBase, database: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT current_user AS who, current_setting('track_counts')::bool AS counts, CASE WHEN to_regnamespace($1) IS NULL
       THEN has_database_privilege(current_database(), 'CREATE')
       ELSE has_schema_privilege(to_regnamespace($1), 'USAGE') AND has_schema_privilege(to_regnamespace($1), 'CREATE') END AS may`,
    [SCHEMA],
  );
  if (!rows[0].counts)
    throw refusal(
      `${database} does not count the rows that a transaction writes (track_counts is off), so a change could not be checked. Nothing was changed. Turn it on.`,
    );
  if (!rows[0].may)
    throw refusal(
      `${rows[0].who} may not make the schema ${SCHEMA} in ${database}, where what is changed would be kept. Nothing was changed. ` +
        `GRANT CREATE ON DATABASE to it, or name another secret.`,
    );
}

export async function recordOf<What>(
  client: pg.ClientBase,
  { run, step }: StepKey,
): Promise<StepRecord<What> | undefined> {
  const { rows: there } = await client.query("SELECT to_regclass($1) IS NOT NULL AS there", [
    `${SCHEMA}.steps`,
  ]);
  if (!there[0].there) return undefined;
  const { rows } = await client.query(
    `SELECT what, undone_at IS NOT NULL AS undone FROM ${SCHEMA}.steps WHERE run = $1 AND step = $2`,
    [run, step],
  );
  return rows[0] as StepRecord<What> | undefined;
}

/** Writes the record of a step that is being done, into its transaction. */
export async function keepRecord(client: pg.ClientBase, { run, step }: StepKey, what: object): Promise<void> {
  await client.query(
    `INSERT INTO ${SCHEMA}.steps (run, step, what) VALUES ($1, $2, $3)
     ON CONFLICT (run, step) DO UPDATE SET what = EXCLUDED.what, done_at = clock_timestamp(), undone_at = NULL`,
    [run, step, JSON.stringify(what)],
  );
}

export async function markUndone(client: pg.ClientBase, { run, step }: StepKey): Promise<void> {
  await client.query(
    `UPDATE ${SCHEMA}.steps SET undone_at = clock_timestamp() WHERE run = $1 AND step = $2`,
    [run, step],
  );
}
