import type pg from "pg";
import { WatchdogError } from "../errors.ts";

/** Rows that a transaction has written in one table so far. */
export interface Written {
  table: string;
  inserted: number;
  updated: number;
  deleted: number;
}

/** PostgreSQL's codes for "somebody else holds it, or was quicker": the same may simply be done again. */
const PASSING = new Set(["55P03", "40P01", "40001", "57P01", "57P03", "53300"]);

/**
 * Runs one transaction whole or not at all. REPEATABLE READ unless asked otherwise: what it reads of the catalog is
 * this transaction's doing and nobody else's; locks that are taken first come before its snapshot. An error is
 * rolled back and said in words; `doing` names what was tried.
 */
export async function transaction<Result>(
  client: pg.ClientBase,
  {
    doing,
    lockSeconds,
    isolation = "REPEATABLE READ",
  }: { doing: string; lockSeconds: number; isolation?: "REPEATABLE READ" | "READ COMMITTED" },
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
  try {
    await client.query(`SET LOCAL lock_timeout = ${Math.round(lockSeconds * 1000)}`);
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // A connection that is gone has been rolled back by the server.
    await client.query("ROLLBACK").catch(() => undefined);
    throw inWords(error, doing);
  }
}

function inWords(error: unknown, doing: string): unknown {
  const { code, message = "" } = error as { code?: string; message?: string };
  if (error instanceof WatchdogError || code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return error;
  const what = `${doing}: PostgreSQL answered ${code}, ${message}. It was rolled back, and nothing was changed.`;
  if (PASSING.has(code)) return new WatchdogError("ServiceUnavailable", what, { cause: error });
  if (code === "57014")
    return new WatchdogError(
      "WorkFailed",
      `${what} Allow more time (statementSeconds), or do it by hand outside the incident.`,
      { cause: error },
    );
  return new WatchdogError("WorkFailed", `${what} Correct the plan.`, { cause: error });
}

/**
 * What this transaction has written so far, table by table, counted by PostgreSQL itself: other sessions' rows are
 * not in it, and triggers' are. https://www.postgresql.org/docs/17/monitoring-stats.html
 */
export async function writtenRows(client: pg.ClientBase): Promise<Written[]> {
  const { rows } = await client.query(
    `SELECT schemaname || '.' || relname AS table, n_tup_ins::int AS inserted, n_tup_upd::int AS updated, n_tup_del::int AS deleted
       FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY 1`,
  );
  return rows as Written[];
}

/** A change that went further than it was allowed to; its transaction is rolled back by throwing it. */
export const unexpected = (message: string) =>
  new WatchdogError("UnexpectedEffect", `${message} It was rolled back, and nothing was changed.`);
