import pg from "pg";

/** A table by its exact names; `schema.table`, in `public` when no schema is given. */
export interface TableName {
  schema: string;
  table: string;
}

/** Reads `schema.table` or `table`. Letters keep their case: `User` is PostgreSQL's "User". */
export function tableName(text: string): TableName {
  const [first = "", second] = text.split(".");
  return second === undefined ? { schema: "public", table: first } : { schema: first, table: second };
}

/** As it is written into SQL. */
export const quoted = ({ schema, table }: TableName): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;

/** As it is shown to people and compared with the catalog. */
export const shown = ({ schema, table }: TableName): string => `${schema}.${table}`;
