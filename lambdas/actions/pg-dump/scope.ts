import type pg from "pg";
import { shown, tableName } from "../../runtime/sql/names.ts";
import { SCHEMA } from "../../runtime/sql/own-schema.ts";

/** What is dumped: whole schemas, or named tables of them. */
export interface Scope {
  schemas: string[];
  /** `schema.table`, in the order they are read. */
  tables: { table: string; bytes: number }[];
  /** True: every table of the schemas. */
  whole: boolean;
}

/** What the tables and objects of a database are to a dump. */
export interface Surveyed {
  scope: Scope;
  /** Named in the plan and not there. */
  missing: string[];
  /** What a dump of these tables cannot hold, so that it is refused. */
  unfit: string[];
  /** What it leaves out, in words. */
  omitted: string[];
}

/** Objects of kinds that a dump does not hold. */
const OMITTED = `
SELECT 'aggregate ' || p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prokind = 'a' AND n.nspname = ANY($1)
UNION ALL SELECT 'range type ' || n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'r' AND n.nspname = ANY($1)
UNION ALL SELECT 'operator ' || o.oid::regoperator FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE n.nspname = ANY($1)
UNION ALL SELECT 'rule ' || schemaname || '.' || tablename || '.' || rulename FROM pg_rules WHERE schemaname = ANY($1)
UNION ALL SELECT 'foreign table ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'f' AND n.nspname = ANY($1)
UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
UNION ALL SELECT 'publication ' || pubname FROM pg_publication
UNION ALL SELECT 'large objects' FROM pg_largeobject_metadata HAVING count(*) > 0`;

/** Looks what there is to dump. */
export async function survey(
  client: pg.ClientBase,
  wanted: { schemas?: string[] | undefined; tables?: string[] | undefined },
): Promise<Surveyed> {
  const { rows: all } = await client.query(
    `SELECT n.nspname AS schema, c.relname AS table, c.relkind AS kind, pg_table_size(c.oid)::float8 AS bytes,
            EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid) AS inherits,
            pg_has_role(c.relowner, 'USAGE') OR has_table_privilege(c.oid, 'SELECT') AS readable
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', $1)
      ORDER BY 1, 2`,
    [SCHEMA],
  );
  const { rows: named } = await client.query(
    `SELECT nspname AS schema FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', $1) ORDER BY 1`,
    [SCHEMA],
  );
  const there = named.map(({ schema }) => schema as string);
  const tables = wanted.tables?.map((each) => shown(tableName(each)));
  const schemas = tables
    ? [...new Set(tables.map((each) => each.split(".")[0]!))]
    : (wanted.schemas ?? there);
  const chosen = all.filter(({ schema, table }) =>
    tables ? tables.includes(`${schema}.${table}`) : schemas.includes(schema as string),
  );
  const found = new Set(chosen.map(({ schema, table }) => `${schema}.${table}`));
  const { rows: omitted } = await client.query(OMITTED, [schemas]);
  return {
    scope: {
      schemas,
      tables: chosen.map(({ schema, table, bytes }) => ({
        table: `${schema}.${table}`,
        bytes: bytes as number,
      })),
      whole: !tables,
    },
    missing: [
      ...(tables ?? []).filter((each) => !found.has(each)).map((each) => `table ${each}`),
      ...(wanted.schemas ?? []).filter((each) => !there.includes(each)).map((each) => `schema ${each}`),
    ],
    unfit: chosen.flatMap(({ schema, table, kind, inherits, readable }) => [
      ...(kind === "p" || inherits ? [`${schema}.${table} is partitioned or inherits`] : []),
      ...(readable ? [] : [`${schema}.${table} may not be read by this user`]),
    ]),
    omitted: omitted.map(({ name }) => name as string),
  };
}
