import type { Catalog } from "../../runtime/sql/catalog.ts";
import { differences } from "../../runtime/sql/catalog.ts";
import { shown, tableName } from "../../runtime/sql/names.ts";
import type { Written } from "../../runtime/sql/transaction.ts";

/** What the plan names: everything else must be as it was. */
export interface Named {
  drops: string[];
  adds: string[];
  /** Tables whose definition or rows may change. */
  changes: string[];
}

/** `schema.table` of a table's or a column's own name; undefined for other objects. */
const tableOf = (name: string): string | undefined => /^(?:table|column) ([^.]+\.[^.]+)/.exec(name)?.[1];

/** Names of whole tables among objects, as the catalog says what belongs to them. */
const wholeTables = (names: string[]): Set<string> =>
  new Set(names.flatMap((name) => /^table (\S+)$/.exec(name)?.[1] ?? []));

/** Names that changing statements are about: the named tables with all that is theirs, and each named object. Pure. */
export function covered({ drops, adds, changes }: Named): (name: string, of: string) => boolean {
  const names = new Set([...drops, ...adds]);
  const tables = new Set([
    ...changes.map((table) => shown(tableName(table))),
    ...[...names].flatMap((name) => tableOf(name) ?? []),
  ]);
  return (name, of) => names.has(name) || (of !== "" && tables.has(of));
}

/**
 * What the statements did beyond what the plan names, or left undone, in words; empty when it is exactly what is
 * named. Pure. What belongs to a dropped or added table goes and comes with it; an index or a constraint of a table
 * that stays must be named itself: PostgreSQL takes them along with a column without saying so.
 */
export function surprises(before: Catalog, after: Catalog, named: Named): string[] {
  const { gone, added, changed } = differences(before, after);
  const changes = new Set(named.changes.map((table) => shown(tableName(table))));
  const [drops, adds] = [new Set(named.drops), new Set(named.adds)];
  const [droppedTables, addedTables] = [wholeTables(named.drops), wholeTables(named.adds)];
  // A table's own line changes with each of its columns (it may be written anew) without being another table.
  const altered = new Set(
    [...drops, ...adds].flatMap((name) => (name.startsWith("column ") ? tableOf(name)! : [])),
  );
  return [
    ...named.drops.filter((name) => after.has(name)).map((name) => `${name} is still there`),
    ...named.adds.filter((name) => !after.has(name)).map((name) => `${name} is not there`),
    ...gone
      .filter((name) => !drops.has(name) && !droppedTables.has(before.get(name)!.of))
      .map((name) => `${name} would be gone too`),
    ...added
      .filter((name) => !adds.has(name) && !addedTables.has(after.get(name)!.of))
      .map((name) => `${name} would appear`),
    ...changed
      .filter((name) => {
        const { of } = after.get(name)!;
        return !changes.has(of) && !(name.startsWith("table ") && altered.has(of));
      })
      .map((name) => `${name} would be changed`),
  ];
}

/** Rows written where the plan names nothing; `bookkeeping` is the migration tool's own table. Pure. */
export function strayRows(written: Written[], named: Named, bookkeeping: string, own: string): string[] {
  const allowed = new Set([
    ...named.changes.map((table) => shown(tableName(table))),
    ...[...named.drops, ...named.adds].flatMap((name) => tableOf(name) ?? []),
  ]);
  return written.flatMap(({ table, inserted, updated, deleted }) => {
    if (table === bookkeeping || table.startsWith(`${own}.`)) return [];
    const counts = `${inserted} row(s) inserted, ${updated} updated, ${deleted} deleted in ${table}`;
    if (deleted > 0) return [`${counts}, and nothing is deleted`];
    return allowed.has(table) ? [] : [`${counts}, which the plan does not name`];
  });
}
