import { createHash } from "node:crypto";
import type pg from "pg";
import { SCHEMA } from "./own-schema.ts";

/** One object of a database: what it belongs to, and its definition. */
export interface CatalogObject {
  /** The table it belongs to, `schema.table`; empty for what stands alone. */
  of: string;
  definition: string;
  /** Its owner, rights and file: what another database's object of the same definition does not share. */
  held: string;
}

/** Every object of a database by name: `table public.models`, `column public.models.id`, `function public.touch()`. */
export type Catalog = Map<string, CatalogObject>;

const USERS = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', '${SCHEMA}')`;

/** Read inside the transaction that changes it: under REPEATABLE READ it shows this transaction's changes and no other's. */
const QUERY = `
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
         WHEN 'f' THEN 'foreign table' ELSE 'table' END || ' ' || n.nspname || '.' || c.relname AS name,
       coalesce((SELECT tn.nspname || '.' || t.relname FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid
          JOIN pg_namespace tn ON tn.oid = t.relnamespace
         WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjsubid > 0
           AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') LIMIT 1),
         CASE WHEN c.relkind IN ('r', 'p', 'f') THEN n.nspname || '.' || c.relname ELSE '' END) AS of,
       concat_ws(' ', c.relkind, c.reloptions::text, c.relrowsecurity, c.relpersistence, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
         CASE WHEN c.relkind = 'S' THEN (SELECT concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
           s.seqmax, s.seqmin, s.seqcache, s.seqcycle) FROM pg_sequence s WHERE s.seqrelid = c.oid) END) AS definition,
       concat_ws(' ', pg_get_userbyid(c.relowner), c.relacl::text, CASE WHEN c.relkind <> 'S' THEN c.relfilenode END) AS held
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND ${USERS}
UNION ALL
SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname, n.nspname || '.' || c.relname,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attcollation,
         pg_get_expr(d.adbin, d.adrelid)), a.attacl::text
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'm') AND ${USERS}
UNION ALL
SELECT 'index ' || n.nspname || '.' || i.relname, n.nspname || '.' || t.relname,
       concat_ws(' ', pg_get_indexdef(x.indexrelid), x.indisvalid), ''
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = i.relnamespace WHERE ${USERS}
UNION ALL
SELECT 'constraint ' || n.nspname || '.' || t.relname || '.' || k.conname, n.nspname || '.' || t.relname,
       concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated), ''
  FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE k.contype <> 'n' AND ${USERS}
UNION ALL
SELECT 'trigger ' || n.nspname || '.' || t.relname || '.' || g.tgname, n.nspname || '.' || t.relname,
       concat_ws(' ', pg_get_triggerdef(g.oid), g.tgenabled), ''
  FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE NOT g.tgisinternal AND ${USERS}
UNION ALL
SELECT 'policy ' || n.nspname || '.' || t.relname || '.' || p.polname, n.nspname || '.' || t.relname,
       concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::text, pg_get_expr(p.polqual, p.polrelid),
         pg_get_expr(p.polwithcheck, p.polrelid)), ''
  FROM pg_policy p JOIN pg_class t ON t.oid = p.polrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE ${USERS}
UNION ALL
SELECT 'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', '',
       CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END,
       concat_ws(' ', pg_get_userbyid(p.proowner), p.proacl::text)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${USERS}
UNION ALL
SELECT 'type ' || n.nspname || '.' || t.typname, '',
       concat_ws(' ', t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
         (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
         (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = t.typrelid AND NOT a.attisdropped)), ''
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype IN ('e', 'd', 'c') AND (t.typrelid = 0 OR (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
   AND ${USERS}`;

/** Reads every object outside the watchdog's own schema. */
export async function catalogOf(client: pg.ClientBase): Promise<Catalog> {
  const { rows } = await client.query<{
    name: string;
    of: string;
    definition: string;
    held: string | null;
  }>(QUERY);
  return new Map(rows.map(({ name, of, definition, held }) => [name, { of, definition, held: held ?? "" }]));
}

/** What is no longer, not yet, or otherwise there. Pure. */
export function differences(
  before: Catalog,
  after: Catalog,
): { gone: string[]; added: string[]; changed: string[] } {
  return {
    gone: [...before.keys()].filter((name) => !after.has(name)),
    added: [...after.keys()].filter((name) => !before.has(name)),
    changed: [...before].flatMap(([name, { definition, held }]) => {
      const now = after.get(name);
      return now && (now.definition !== definition || now.held !== held) ? [name] : [];
    }),
  };
}

/** One digest over what the given names are defined as; other definitions, or none, give another digest. */
export function definitionsDigest(catalog: Catalog, covers: (name: string, of: string) => boolean): string {
  const lines = [...catalog]
    .filter(([name, { of }]) => covers(name, of))
    .map(([name, { definition }]) => `${name}\n${definition}`);
  return createHash("sha256").update(lines.toSorted().join("\n\n")).digest("hex").slice(0, 16);
}

/** Object name → digest of its definition, without owner, rights and file: what a restored copy must have too. */
export function digestsOf(
  catalog: Catalog,
  only: (name: string, of: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(
    [...catalog]
      .filter(([name, { of }]) => only(name, of))
      .map(([name, { definition }]) => [
        name,
        createHash("sha256").update(definition).digest("hex").slice(0, 16),
      ]),
  );
}
