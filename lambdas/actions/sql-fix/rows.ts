import pg from "pg";
import { quoted, tableName } from "../../runtime/sql/names.ts";
import { SCHEMA, type StepKey } from "../../runtime/sql/own-schema.ts";

/** A column of the primary key, with its type as SQL writes it. */
export interface KeyColumn {
  name: string;
  type: string;
}

/** What a fix is about, ready to be put into SQL. */
export interface Fix {
  table: string;
  where: string;
  set: Record<string, string>;
}

const id = pg.escapeIdentifier;
const from = (table: string) => `${quoted(tableName(table))} t`;
const keyTexts = (key: KeyColumn[]) => key.map(({ name }) => `t.${id(name)}::text`);
/** The recorded keys as rows `k`, one array parameter for each column, and how they meet the table's. */
const recorded = (key: KeyColumn[]) =>
  `unnest(${key.map((_, index) => `$${index + 1}::text[]`).join(", ")}) AS k (${key.map((_, index) => `k${index}`).join(", ")})`;
const meets = (key: KeyColumn[]) =>
  key.map(({ name, type }, index) => `t.${id(name)} = k.k${index}::${type}`).join(" AND ");
const columnsOf = (key: KeyColumn[], rows: string[][]) =>
  key.map((_, index) => rows.map((row) => row[index]));

/** Columns of a table's primary key, in their order; none when it has no key or is not there. */
export async function keyOf(client: pg.ClientBase, table: string): Promise<KeyColumn[]> {
  const { rows } = await client.query(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
       FROM pg_index x CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attnum, place)
       JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
      WHERE x.indisprimary AND x.indrelid = to_regclass($1) ORDER BY k.place`,
    [quoted(tableName(table))],
  );
  return rows as KeyColumn[];
}

/** Keys of the wrong rows, in order, with what each column is and would be. One more than `cap` says: too many. */
export async function detect(
  client: pg.ClientBase,
  { table, where, set }: Fix,
  key: KeyColumn[],
  cap: number,
): Promise<{ keys: string[][]; shows: string[] }> {
  const columns = Object.entries(set);
  const { rows } = await client.query({
    text: `SELECT ARRAY[${keyTexts(key).join(", ")}] AS key,
             ARRAY[${columns.map(([name]) => `t.${id(name)}::text`).join(", ")}] AS is,
             ARRAY[${columns.map(([, expression]) => `(\n${expression}\n)::text`).join(", ")}] AS becomes
        FROM ${from(table)} WHERE (\n${where}\n) ORDER BY ${key.map(({ name }) => `t.${id(name)}`).join(", ")} LIMIT ${cap + 1}`,
    // One statement only, whatever the texts hold.
    queryMode: "extended",
  } as pg.QueryConfig);
  return {
    keys: rows.map((row) => row.key as string[]),
    shows: rows
      .slice(0, 5)
      .map(
        ({ key: values, is, becomes }) =>
          `${key.map(({ name }, index) => `${name} ${values[index]}`).join(", ")}: ${columns.map(([name], index) => `${name} ${is[index]} → ${becomes[index]}`).join(", ")}`,
      ),
  };
}

/** Locks those of the recorded rows that are still wrong, as they are at this moment, and keeps them. */
export async function keepWrong(
  client: pg.ClientBase,
  { table, where }: Fix,
  key: KeyColumn[],
  keys: string[][],
  step: StepKey,
): Promise<string[][]> {
  const { rows } = await client.query(
    `SELECT ARRAY[${keyTexts(key).join(", ")}] AS key, to_jsonb(t) AS before
       FROM ${from(table)}, ${recorded(key)} WHERE ${meets(key)} AND (\n${where}\n) FOR UPDATE OF t`,
    columnsOf(key, keys),
  );
  await client.query(
    `INSERT INTO ${SCHEMA}.kept_rows (run, step, table_name, key, before)
     SELECT $1, $2, $3, e->'key', e->'before' FROM jsonb_array_elements($4::jsonb) e
     ON CONFLICT (run, step, table_name, key) DO UPDATE SET before = EXCLUDED.before, after = NULL`,
    [step.run, step.step, table, JSON.stringify(rows)],
  );
  return rows.map((row) => row.key as string[]);
}

/** Sets the right values in the locked rows, and keeps what came out. */
export async function correct(
  client: pg.ClientBase,
  { table, set }: Fix,
  key: KeyColumn[],
  keys: string[][],
  step: StepKey,
): Promise<number> {
  const assigned = Object.entries(set)
    .map(([name, expression]) => `${id(name)} = (\n${expression}\n)`)
    .join(", ");
  const { rows, rowCount } = await client.query(
    `UPDATE ${from(table)} SET ${assigned} FROM ${recorded(key)} WHERE ${meets(key)}
     RETURNING ARRAY[${keyTexts(key).join(", ")}] AS key, to_jsonb(t) AS after`,
    columnsOf(key, keys),
  );
  await client.query(
    `UPDATE ${SCHEMA}.kept_rows r SET after = e->'after' FROM jsonb_array_elements($4::jsonb) e
      WHERE r.run = $1 AND r.step = $2 AND r.table_name = $3 AND r.key = e->'key'`,
    [step.run, step.step, table, JSON.stringify(rows)],
  );
  return rowCount ?? 0;
}

/** How many rows are wrong now: of the recorded ones, and of all. */
export async function stillWrong(
  client: pg.ClientBase,
  { table, where }: Fix,
  key: KeyColumn[],
  keys: string[][],
): Promise<{ recorded: number; all: number }> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS all, count(k.k0)::int AS recorded
       FROM ${from(table)} LEFT JOIN ${recorded(key)} ON ${meets(key)} WHERE (\n${where}\n)`,
    columnsOf(key, keys),
  );
  return rows[0] as { recorded: number; all: number };
}

/** Puts the kept values back into rows that still hold what the fix wrote. */
export async function putBack(
  client: pg.ClientBase,
  table: string,
  columns: string[],
  key: KeyColumn[],
  step: StepKey,
): Promise<{ rows: number; kept: number }> {
  const record = (image: string) => `jsonb_populate_record(NULL::${quoted(tableName(table))}, r.${image})`;
  const { rowCount } = await client.query(
    `UPDATE ${from(table)} SET ${columns.map((name) => `${id(name)} = b.${id(name)}`).join(", ")}
       FROM ${SCHEMA}.kept_rows r, LATERAL ${record("before")} b, LATERAL ${record("after")} a
      WHERE r.run = $1 AND r.step = $2 AND r.table_name = $3 AND r.after IS NOT NULL
        AND ${key.map(({ name }) => `t.${id(name)} = b.${id(name)}`).join(" AND ")}
        AND ${columns.map((name) => `t.${id(name)} IS NOT DISTINCT FROM a.${id(name)}`).join(" AND ")}`,
    [step.run, step.step, table],
  );
  const { rows } = await client.query(
    `SELECT count(*)::int AS kept FROM ${SCHEMA}.kept_rows WHERE run = $1 AND step = $2 AND table_name = $3`,
    [step.run, step.step, table],
  );
  return { rows: rowCount ?? 0, kept: rows[0].kept as number };
}
