/** One object in S3 with a part of a table's rows, gzip; parts of a table put together are one gzip stream. */
export interface Segment {
  key: string;
  bytes: number;
  /** Base64, of the object as it lies in S3; S3 keeps and answers the same. */
  sha256: string;
}

/** A table in a dump: rows in PostgreSQL's own COPY text format. */
export interface DumpedTable {
  /** `schema.table` */
  table: string;
  columns: string[];
  rows: number;
  /** Of the text, before gzip. */
  bytes: number;
  /** Hexadecimal, of the text. */
  sha256: string;
  segments: Segment[];
}

/** What a dump is: written last, so a dump without it is none. */
export interface Manifest {
  format: 1;
  run: string;
  step: string;
  instance: string;
  database: string;
  /** Of the server, as it says it. */
  serverVersion: string;
  /** When the one snapshot was taken that everything was read in, ISO 8601. */
  takenAt: string;
  tables: DumpedTable[];
  /** SQL before the rows (types, sequences, functions, tables), after them (constraints, indexes, views), and others' rights. */
  sql: { before: Segment; after: Segment; rights: Segment };
  /** Object name → digest of its definition, to compare a restored database with. */
  catalog: Record<string, string>;
  /** What is in the database and not in the dump, in words. */
  omitted: string[];
}

/** Where the manifest of a dump lies. */
export const manifestKey = (prefix: string): string => `${prefix}/manifest.json`;
