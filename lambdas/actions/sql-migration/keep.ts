import pg from "pg";
import { refusal } from "../../runtime/errors.ts";
import { quoted, tableName } from "../../runtime/sql/names.ts";
import { SCHEMA } from "../../runtime/sql/own-schema.ts";
import { digest } from "../../runtime/tokens.ts";

/** A copy of what a statement drops: a whole table, or one column with its table's primary key. */
export interface Copy {
  /** Object's name as the plan has it. */
  name: string;
  /** Table in the watchdog's schema. */
  kept: string;
  table: string;
  column?: string;
  key: string[];
}

/** Tables and columns among the drops, with the name their copy gets; the same for the same run and step. */
export function copiesOf(drops: string[], run: string, step: string): Copy[] {
  const dropped = new Set(drops);
  return drops.flatMap((name): Copy[] => {
    const [, kind, table = "", column] = /^(table|column) ([^.\s]+\.[^.\s]+)(?:\.(\S+))?$/.exec(name) ?? [];
    if (!kind || (kind === "column" && dropped.has(`table ${table}`))) return [];
    const kept = `kept_${digest(`${run}/${step}/${name}`, 12)}`;
    return [{ name, kept, table, key: [], ...(column ? { column } : {}) }];
  });
}

const keptTable = ({ kept }: Copy) => `${SCHEMA}.${kept}`;
const list = (columns: string[]) => columns.map((column) => pg.escapeIdentifier(column)).join(", ");

/** Columns of a table's primary key, in their order. */
export async function primaryKey(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT a.attname AS name FROM pg_index x CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attnum, place)
       JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
      WHERE x.indisprimary AND x.indrelid = to_regclass($1) ORDER BY k.place`,
    [quoted(tableName(table))],
  );
  return rows.map(({ name }) => name as string);
}

/** Refuses more than may be copied, and a column whose rows could not be told apart afterwards. For preflight. */
export async function sizeUp(
  client: pg.ClientBase,
  copies: Copy[],
  megabytes: number,
): Promise<{ bytes: number; rows: string[] }> {
  if (megabytes === 0) return { bytes: 0, rows: [] };
  let bytes = 0;
  const rows: string[] = [];
  for (const copy of copies) {
    const { rows: found } = await client.query(
      "SELECT pg_table_size(oid)::float8 AS bytes, greatest(reltuples, 0)::float8 AS rows FROM pg_class WHERE oid = to_regclass($1)",
      [quoted(tableName(copy.table))],
    );
    bytes += found[0]?.bytes ?? 0;
    rows.push(`${copy.name}: about ${Math.round(found[0]?.rows ?? 0)} row(s), copied before it goes`);
    if (copy.column && (await primaryKey(client, copy.table)).length === 0)
      throw refusal(
        `${copy.table} has no primary key, so what ${copy.name} held could not be put back. Nothing was changed. Set keepUpTo to 0 and rely on the backup.`,
      );
  }
  if (bytes > megabytes * 2 ** 20)
    throw refusal(
      `What is dropped holds ${Math.ceil(bytes / 2 ** 20)} MB, and at most ${megabytes} MB are copied first (keepUpTo). Nothing was changed. ` +
        "Raise it, or set it to 0 and rely on the backup.",
    );
  return { bytes, rows };
}

/** Copies what will be dropped, in the transaction that drops it. */
export async function keepCopies(client: pg.ClientBase, copies: Copy[]): Promise<Copy[]> {
  const kept: Copy[] = [];
  for (const copy of copies) {
    const key = copy.column ? await primaryKey(client, copy.table) : [];
    const columns = copy.column ? list([...new Set([...key, copy.column])]) : "*";
    await client.query(
      `CREATE TABLE ${keptTable(copy)} AS SELECT ${columns} FROM ${quoted(tableName(copy.table))}`,
    );
    await client.query(`COMMENT ON TABLE ${keptTable(copy)} IS ${pg.escapeLiteral(copy.name)}`);
    kept.push({ ...copy, key });
  }
  return kept;
}

/** Puts copied rows and values back into what the forward statements made again. The copies stay. */
export async function putBack(client: pg.ClientBase, copies: Copy[]): Promise<number> {
  let rows = 0;
  for (const copy of copies) {
    const table = quoted(tableName(copy.table));
    if (copy.column) {
      const column = pg.escapeIdentifier(copy.column);
      const joined = copy.key
        .map((each) => `t.${pg.escapeIdentifier(each)} = k.${pg.escapeIdentifier(each)}`)
        .join(" AND ");
      const { rowCount } = await client.query(
        `UPDATE ${table} t SET ${column} = k.${column} FROM ${keptTable(copy)} k WHERE ${joined} AND t.${column} IS DISTINCT FROM k.${column}`,
      );
      rows += rowCount ?? 0;
      continue;
    }
    const { rows: columns } = await client.query(
      `SELECT a.attname AS name FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0
          AND NOT a.attisdropped AND a.attgenerated = ''`,
      [table],
    );
    const names = list(columns.map(({ name }) => name as string));
    const { rowCount } = await client.query(
      `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM ${keptTable(copy)}`,
    );
    rows += rowCount ?? 0;
  }
  return rows;
}
