import type pg from "pg";
import type { Scope } from "./scope.ts";

/** SQL that makes the objects of a dump: before its rows, and after them. Each text ends with a semicolon. */
export interface Definitions {
  before: string[];
  after: string[];
  /** Rights of others than the owner; each may fail alone, where its role is not known. */
  rights: string[];
}

type Query = (text: string) => Promise<string[]>;

/** Types that columns and functions need. */
const TYPES = `
SELECT format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
         (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)) AS sql, t.oid
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND n.nspname = ANY($1)
UNION ALL
SELECT format('CREATE DOMAIN %I.%I AS %s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
         coalesce(' DEFAULT ' || t.typdefault, ''), CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END,
         coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.oid)
            FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')), t.oid
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND n.nspname = ANY($1)
UNION ALL
SELECT format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
         (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)), t.oid
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid
 WHERE t.typtype = 'c' AND c.relkind = 'c' AND n.nspname = ANY($1)
ORDER BY oid`;

/** Sequences that are not a column's identity. */
const SEQUENCES = `
SELECT format('CREATE SEQUENCE %I.%I AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s', n.nspname, c.relname,
         format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
         CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END) AS sql
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY($1) AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'i')
 ORDER BY c.oid`;

/** `atomic`: those whose bodies PostgreSQL has parsed, and which therefore need their tables. */
const functions = (atomic: boolean) => `
SELECT pg_get_functiondef(p.oid) AS sql FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prokind <> 'a' AND n.nspname = ANY($1) AND (p.prosqlbody IS NOT NULL) = ${atomic}
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')
 ORDER BY p.oid`;

const TABLES = `
SELECT format('CREATE %sTABLE %I.%I (%s)%s', CASE WHEN c.relpersistence = 'u' THEN 'UNLOGGED ' ELSE '' END, n.nspname, c.relname,
         coalesce((SELECT string_agg(format(E'\\n  %I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
             CASE WHEN a.attcollation <> 0 AND a.attcollation <> ty.typcollation
               THEN (SELECT format(' COLLATE %I.%I', cn.nspname, co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation)
               ELSE '' END,
             CASE WHEN a.attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
               WHEN a.attidentity <> '' THEN (SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s)',
                   CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, sn.nspname, sc.relname, s.seqincrement, s.seqmin, s.seqmax,
                   s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
                 FROM pg_depend dp JOIN pg_sequence s ON s.seqrelid = dp.objid JOIN pg_class sc ON sc.oid = s.seqrelid JOIN pg_namespace sn ON sn.oid = sc.relnamespace
                WHERE dp.refobjid = c.oid AND dp.refobjsubid = a.attnum AND dp.classid = 'pg_class'::regclass AND dp.deptype = 'i')
               WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END,
             CASE WHEN a.attnotnull AND a.attidentity = '' THEN ' NOT NULL' ELSE '' END), ',' ORDER BY a.attnum)
           FROM pg_attribute a JOIN pg_type ty ON ty.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), ''),
         coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '')) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname || '.' || c.relname = ANY($2) ORDER BY c.oid`;

const OWNED_SEQUENCES = `
SELECT format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname) AS sql
  FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'a' AND n.nspname = ANY($1) AND tn.nspname || '.' || t.relname = ANY($2) ORDER BY c.oid`;

/** Where each sequence stands: not part of any snapshot, so read last and never behind its table. */
const SEQUENCE_VALUES = `
SELECT format('SELECT setval(%L, %s, true)', format('%I.%I', s.schemaname, s.sequencename), s.last_value) AS sql
  FROM pg_sequences s WHERE s.schemaname = ANY($1) AND s.last_value IS NOT NULL
   AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
     WHERE d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass AND d.classid = 'pg_class'::regclass
       AND d.deptype = 'i' AND tn.nspname || '.' || t.relname <> ALL($2)) ORDER BY 1`;

/** Primary keys first, foreign keys last; those to tables that are not dumped are left out. */
const CONSTRAINTS = `
SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid)) AS sql
  FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE k.contype IN ('p', 'u', 'x', 'c', 'f') AND n.nspname || '.' || t.relname = ANY($2)
   AND (k.contype <> 'f' OR (SELECT fn.nspname || '.' || f.relname FROM pg_class f JOIN pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = k.confrelid) = ANY($2))
 ORDER BY position(k.contype::text IN 'puxcf'), k.oid`;

const INDEXES = `
SELECT pg_get_indexdef(x.indexrelid) AS sql FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE n.nspname || '.' || t.relname = ANY($2) AND x.indisvalid
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) ORDER BY x.indexrelid`;

/** Views after the views they read: by how deep they stand on others. */
const VIEWS = `
WITH RECURSIVE reads AS (
  SELECT DISTINCT r.ev_class AS reader, d.refobjid AS read FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('v', 'm')
   WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class),
deep AS (SELECT c.oid, 0 AS depth FROM pg_class c WHERE c.relkind IN ('v', 'm')
  UNION SELECT reads.reader, deep.depth + 1 FROM reads JOIN deep ON deep.oid = reads.read WHERE deep.depth < 50)
SELECT format('CREATE %sVIEW %I.%I%s AS %s', CASE WHEN c.relkind = 'm' THEN 'MATERIALIZED ' ELSE '' END, n.nspname, c.relname,
         coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''), rtrim(pg_get_viewdef(c.oid), ';')) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN (SELECT oid, max(depth) AS depth FROM deep GROUP BY oid) d ON d.oid = c.oid
 WHERE c.relkind IN ('v', 'm') AND n.nspname = ANY($1) ORDER BY d.depth, c.oid`;

const VIEW_INDEXES = `
SELECT pg_get_indexdef(x.indexrelid) AS sql FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid AND t.relkind = 'm'
  JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = ANY($1) ORDER BY x.indexrelid`;

const TRIGGERS = `
SELECT concat_ws(E';\\n', pg_get_triggerdef(g.oid), CASE g.tgenabled WHEN 'O' THEN NULL
         ELSE format('ALTER TABLE %I.%I %s TRIGGER %I', n.nspname, t.relname,
           CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, g.tgname) END) AS sql
  FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE NOT g.tgisinternal AND n.nspname || '.' || t.relname = ANY($2) ORDER BY g.oid`;

const POLICIES = `
SELECT format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s%s%s', policyname, schemaname, tablename, permissive, cmd,
         (SELECT string_agg(CASE r WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(r) END, ', ') FROM unnest(roles) r),
         coalesce(' USING (' || qual || ')', ''), coalesce(' WITH CHECK (' || with_check || ')', '')) AS sql
  FROM pg_policies WHERE schemaname || '.' || tablename = ANY($2)
UNION ALL
SELECT format('ALTER TABLE %I.%I %s ROW LEVEL SECURITY', n.nspname, c.relname, f) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
  LATERAL (SELECT 'ENABLE' AS f WHERE c.relrowsecurity UNION ALL SELECT 'FORCE' WHERE c.relforcerowsecurity) x
 WHERE n.nspname || '.' || c.relname = ANY($2)`;

/** Rights on tables, views and sequences that others than the owner have. */
const GRANTS = `
SELECT format('GRANT %s ON %s %I.%I TO %s%s', a.privilege_type, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname,
         CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
         CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
 WHERE c.relkind IN ('r', 'v', 'm', 'S') AND a.grantee <> c.relowner AND n.nspname = ANY($1)
   AND (c.relkind <> 'r' OR n.nspname || '.' || c.relname = ANY($2))
UNION ALL
SELECT format('GRANT %s ON SCHEMA %I TO %s', a.privilege_type, n.nspname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
  FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = ANY($1) AND a.grantee <> n.nspowner`;

/** Reads the definitions in the transaction of the dump. */
export async function definitionsOf(
  client: pg.ClientBase,
  { schemas, tables, whole }: Scope,
): Promise<Definitions> {
  const names = tables.map(({ table }) => table);
  const query: Query = async (text) => {
    // A parameter that a query does not use has no type: each gets those it speaks of.
    const [bySchema, byTable] = [text.includes("$1"), text.includes("$2")];
    const { rows } = await client.query(
      bySchema ? text : text.replaceAll("$2", "$1"),
      [bySchema ? [schemas] : [], byTable ? [names] : []].flat(),
    );
    return rows.map(({ sql }) => `${sql};`);
  };
  const { rows: extensions } = await client.query(
    "SELECT format('CREATE EXTENSION IF NOT EXISTS %I', extname) AS sql FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY oid",
  );
  return {
    before: [
      "SET check_function_bodies = false;",
      ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS "${schema.replaceAll('"', '""')}";`),
      ...extensions.map(({ sql }) => `${sql};`),
      ...(await query(TYPES)),
      ...(await query(SEQUENCES)),
      ...(await query(functions(false))),
      ...(await query(TABLES)),
      ...(await query(OWNED_SEQUENCES)),
    ],
    after: [
      ...(await query(CONSTRAINTS)),
      ...(await query(INDEXES)),
      ...(await query(functions(true))),
      ...(whole ? [...(await query(VIEWS)), ...(await query(VIEW_INDEXES))] : []),
      ...(await query(TRIGGERS)),
      ...(await query(POLICIES)),
      ...(await query(SEQUENCE_VALUES)),
    ],
    rights: await query(GRANTS),
  };
}
