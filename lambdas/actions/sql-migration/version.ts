import pg from "pg";
import { quoted, tableName } from "../../runtime/sql/names.ts";

/** The migration tool's own record, as the plan describes it. */
export interface Version {
  table: string;
  column: string;
  undoes: string[];
  becomes: string;
  keeps: "rows" | "value";
}

/** The newest version that the tool has recorded; null when there is none. */
export async function currentVersion(
  client: pg.ClientBase,
  { table, column }: Version,
): Promise<string | null> {
  const { rows } = await client.query(
    `SELECT max(${pg.escapeIdentifier(column)})::text AS version FROM ${quoted(tableName(table))}`,
  );
  return rows[0].version as string | null;
}

/** Sets the record back, and gives its rows as they were. */
export async function setBack(client: pg.ClientBase, version: Version): Promise<unknown[]> {
  const [table, column] = [quoted(tableName(version.table)), pg.escapeIdentifier(version.column)];
  const { rows } = await client.query(
    `SELECT to_jsonb(t) AS row FROM ${table} t WHERE t.${column}::text = ANY($1)`,
    [version.undoes],
  );
  await client.query(
    version.keeps === "value"
      ? `UPDATE ${table} SET ${column} = $2 WHERE ${column}::text = ANY($1)`
      : `DELETE FROM ${table} WHERE ${column}::text = ANY($1)`,
    version.keeps === "value" ? [version.undoes, version.becomes] : [version.undoes],
  );
  return rows.map(({ row }) => row as unknown);
}

/** The record as it was before {@link setBack}. */
export async function setForward(client: pg.ClientBase, version: Version, kept: unknown[]): Promise<void> {
  const [table, column] = [quoted(tableName(version.table)), pg.escapeIdentifier(version.column)];
  if (version.keeps === "value")
    await client.query(`UPDATE ${table} SET ${column} = $2 WHERE ${column}::text = $1`, [
      version.becomes,
      version.undoes.at(-1),
    ]);
  else
    await client.query(
      `INSERT INTO ${table} SELECT r.* FROM jsonb_array_elements($1::jsonb) e, jsonb_populate_record(NULL::${table}, e) r`,
      [JSON.stringify(kept)],
    );
}
