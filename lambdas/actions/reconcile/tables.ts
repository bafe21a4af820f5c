import type pg from "pg";
import { SCHEMA } from "../../runtime/sql/own-schema.ts";
import { type Column, type KeyColumn, keyColumn } from "./keys.ts";

/** A table that can be compared row by row. */
export interface KeyedTable {
  table: string;
  key: KeyColumn[];
  columns: Column[];
}

/**
 * Ordinary tables with their primary keys, those that others refer to first: rows are put back in this order.
 * `without`: tables whose rows cannot be told apart.
 */
export async function keyedTables(
  client: pg.ClientBase,
): Promise<{ tables: KeyedTable[]; without: string[] }> {
  const { rows } = await client.query(
    `SELECT n.nspname || '.' || c.relname AS table,
            (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL)) ORDER BY k.place)
               FROM pg_index x CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attnum, place)
               JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
              WHERE x.indisprimary AND x.indrelid = c.oid) AS key,
            -- Only PostgreSQL's own types: the bytes of others, and of names of objects, hold numbers of one database.
            (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL), 'send', CASE
                      WHEN y.typtype = 'b' AND y.oid < 16384 AND y.typelem < 16384 AND y.typname NOT LIKE 'reg%' THEN s.proname END)
                    ORDER BY a.attname)
               FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid LEFT JOIN pg_proc s ON s.oid = y.typsend
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
            (SELECT array_agg(DISTINCT fn.nspname || '.' || f.relname) FROM pg_constraint r
               JOIN pg_class f ON f.oid = r.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
              WHERE r.contype = 'f' AND r.conrelid = c.oid AND r.confrelid <> c.oid) AS needs
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', $1)
      ORDER BY 1`,
    [SCHEMA],
  );
  const left = new Map(
    rows.map(({ table, key, columns, needs }) => [
      table as string,
      {
        key: key as { name: string; type: string }[] | null,
        columns: ((columns ?? []) as (Column & { send: string | null })[]).map(({ send, ...column }) => ({
          ...column,
          send: send ?? undefined,
        })),
        needs: (needs ?? []) as string[],
      },
    ]),
  );
  const ordered: {
    table: string;
    key: { name: string; type: string }[] | null;
    columns: Column[];
  }[] = [];
  while (left.size > 0) {
    const ready = [...left].filter(([, { needs }]) => !needs.some((each) => left.has(each)));
    // Tables that refer to one another in a circle come in the order of their names.
    for (const [table, { key, columns }] of ready.length > 0 ? ready : [[...left][0]!]) {
      ordered.push({ table, key, columns });
      left.delete(table);
    }
  }
  return {
    tables: ordered.flatMap(({ table, key, columns }) =>
      key ? [{ table, key: key.map(keyColumn), columns }] : [],
    ),
    without: ordered.flatMap(({ table, key }) => (key ? [] : [table])),
  };
}
