import { shown, tableName } from "../../runtime/sql/names.ts";
import { SCHEMA } from "../../runtime/sql/own-schema.ts";
import type { Written } from "../../runtime/sql/transaction.ts";

/** Rows written beyond the corrected ones, in words; empty when there are none. Pure. */
export function strayWrites(
  written: Written[],
  table: string,
  alsoWrites: string[],
  corrected: number,
): string[] {
  const own = shown(tableName(table));
  const others = new Set(alsoWrites.map((each) => shown(tableName(each))));
  return written.flatMap((row) => {
    if (row.table.startsWith(`${SCHEMA}.`)) return [];
    const counts = `${row.inserted} row(s) inserted, ${row.updated} updated, ${row.deleted} deleted in ${row.table}`;
    if (row.deleted > 0) return [`${counts}, and nothing is deleted`];
    if (row.table === own)
      return row.inserted === 0 && row.updated === corrected
        ? []
        : [`${counts}, and ${corrected} row(s) were to be corrected`];
    return others.has(row.table) ? [] : [`${counts}, which the plan does not name`];
  });
}
