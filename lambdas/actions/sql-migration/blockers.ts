import type pg from "pg";
import { quoted, tableName } from "../../runtime/sql/names.ts";

/**
 * What would keep a named table from being dropped, or be taken along by a CASCADE that nobody should say: foreign
 * keys and views of tables that stay, and tables of somebody else. In words; empty when nothing is in the way.
 */
export async function blockers(client: pg.ClientBase, drops: string[]): Promise<string[]> {
  const tables = drops.flatMap((name) => /^table (\S+)$/.exec(name)?.[1] ?? []);
  const regclasses = tables.map((table) => quoted(tableName(table)));
  const named = new Set(drops);
  const { rows: keys } = await client.query(
    `SELECT conrelid::regclass::text AS by, conname AS name, confrelid::regclass::text AS to,
            n.nspname || '.' || c.relname || '.' || conname AS full
       FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE contype = 'f' AND confrelid = ANY(SELECT to_regclass(t) FROM unnest($1::text[]) t)
        AND conrelid <> ALL(SELECT to_regclass(t) FROM unnest($1::text[]) t)`,
    [regclasses],
  );
  const { rows: views } = await client.query(
    `SELECT DISTINCT CASE v.relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || n.nspname || '.' || v.relname AS name,
            d.refobjid::regclass::text AS to
       FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
       JOIN pg_class v ON v.oid = r.ev_class JOIN pg_namespace n ON n.oid = v.relnamespace
      WHERE d.refclassid = 'pg_class'::regclass AND v.oid <> d.refobjid
        AND d.refobjid = ANY(SELECT to_regclass(t) FROM unnest($1::text[]) t)`,
    [regclasses],
  );
  const { rows: foreign } = await client.query(
    `SELECT c.oid::regclass::text AS name, pg_get_userbyid(c.relowner) AS owner FROM pg_class c
      WHERE c.oid = ANY(SELECT to_regclass(t) FROM unnest($1::text[]) t) AND NOT pg_has_role(c.relowner, 'USAGE')`,
    [regclasses],
  );
  return [
    ...keys
      .filter(({ full }) => !named.has(`constraint ${full}`))
      .map(({ by, name, to }) => `${by} refers to ${to} (${name})`),
    ...views.filter(({ name }) => !named.has(name)).map(({ name, to }) => `${name} reads ${to}`),
    ...foreign.map(({ name, owner }) => `${name} belongs to ${owner}`),
  ];
}
