import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { connected, type Endpoint, endpointOf } from "../../runtime/sql/database.ts";
import { shown, tableName } from "../../runtime/sql/names.ts";
import { damagedIn, listed, parsedJson, putObject, textOf } from "../../runtime/sql/objects.ts";
import { beginSnapshots, type ComparedTable, compareTable, type Sides } from "./compare.ts";
import { advanceSequences } from "./sequences.ts";
import { reconcile } from "./spec.ts";
import { keyedTables } from "./tables.ts";

type Input = z.output<typeof reconcile.input>;
type Before = z.output<typeof reconcile.before>;

/** What `watchdog reconcile` reads; written last. */
interface Reconciliation {
  format: 1;
  run: string;
  step: string;
  from: { instance: string; database: string };
  to: { host: string; port: number };
  /** Those that others refer to first. */
  tables: ComparedTable[];
  withoutKey: string[];
  /** Sequences of the restored database that were moved on. */
  advanced: string[];
}

const STATEMENT_SECONDS = 110;
/** Rows after which a call begins no further table and leaves the rest to the next. */
const ROWS_A_CALL = 3_000_000;

const manifestKey = (prefix: string) => `${prefix}/manifest.json`;
const tableKey = (prefix: string, table: string) => `${prefix}/tables/${encodeURIComponent(table)}.json`;
const restoredAt = ({ host, port }: Input): Endpoint => ({ address: host, port: Number(port) });

function withSides<Result>(input: Input, old: Endpoint, use: (sides: Sides) => Promise<Result>) {
  const open = (at: Endpoint, then: (client: Sides["old"]) => Promise<Result>) =>
    connected(input, at, STATEMENT_SECONDS, then);
  return open(old, (first) =>
    open(old, (rows) => open(restoredAt(input), (restored) => use({ old: first, rows, restored }))),
  );
}

const sum = (tables: ComparedTable[], of: (table: ComparedTable) => number) =>
  tables.reduce((total, each) => total + of(each), 0);

function answer(
  { bucket, instance, host }: Input,
  prefix: string,
  { tables, withoutKey, advanced }: Reconciliation,
) {
  const rows = sum(tables, ({ onlyLeft }) => onlyLeft);
  const written = tables.filter(({ onlyLeft }) => onlyLeft > 0);
  const changed = sum(tables, (each) => each.changed);
  const gone = sum(tables, ({ onlyRight }) => onlyRight);
  return {
    done: true,
    note: `${rows} row(s) that only ${instance} has are exported to s3://${bucket}/${prefix}; ${changed} differ and ${gone} are gone from it, compared with ${host}${advanced.length > 0 ? `, where ${advanced.join(", ")} go(es) on after them` : ""}`,
    outputs: {
      bucket,
      prefix,
      rows,
      changed,
      gone,
      compared: sum(tables, ({ left }) => left),
      tables: Object.fromEntries(written.map(({ table, onlyLeft }) => [table, onlyLeft])),
      kept: [
        rows === 0
          ? `${instance} has no row that is not in the restored database`
          : `${rows} row(s) that only ${instance} has (${written.map(({ table, onlyLeft }) => `${onlyLeft} of ${table}`).join(", ")}), as JSON lines; put them back with: watchdog reconcile s3://${bucket}/${prefix}`,
      ],
      withoutKey,
    },
  };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, { run, step }) {
    const prefix = `${input.prefix ?? "reconciliation"}/${run.id}/${step.id}`;
    // Side by side: whether the bucket may be listed has nothing to do with where the database is.
    const [at] = await Promise.all([endpointOf(input.instance), listed(input.bucket, prefix)]);
    const { tables, without } = await connected(input, at, 30, keyedTables);
    const wanted = input.tables?.map((each) => shown(tableName(each)));
    const chosen = tables.filter(({ table }) => wanted?.includes(table) ?? true).map(({ table }) => table);
    const missing = (wanted ?? []).filter((each) => !chosen.includes(each));
    if (missing.length > 0)
      throw refusal(
        `${input.database} on ${input.instance} has no table ${missing.join(", ")} with a primary key. Nothing was changed. Correct the plan.`,
      );
    return {
      before: { ...at, prefix, tables: chosen },
      after: { rows: `s3://${input.bucket}/${prefix}` },
      summary: `rows of ${chosen.length} table(s) that only ${input.instance} has, to s3://${input.bucket}/${prefix}`,
      evidence: [
        chosen.join(", "),
        ...(without.length > 0 && !wanted
          ? [`not compared, since they have no primary key: ${without.join(", ")}`]
          : []),
      ],
      keeps: [
        `every row that only ${input.instance} has, as JSON lines below s3://${input.bucket}/${prefix}`,
      ],
      expects: { bucket: input.bucket, prefix },
    };
  },

  async apply(input, { before }, { run, step }) {
    const { bucket } = input;
    const { prefix } = before;
    if ((await textOf(bucket, manifestKey(prefix))) !== undefined)
      return { done: false, note: `s3://${bucket}/${prefix} is written` };
    const done = await listed(bucket, `${prefix}/tables`);
    return withSides(input, before, async (sides) => {
      await beginSnapshots(sides);
      const [there, restored] = [await keyedTables(sides.old), await keyedTables(sides.restored)];
      const counterparts = new Map(restored.tables.map((each) => [each.table, each]));
      const tables: ComparedTable[] = [];
      let compared = 0;
      for (const each of there.tables.filter(({ table }) => before.tables.includes(table))) {
        const key = tableKey(prefix, each.table);
        const known = done.has(key) ? await textOf(bucket, key) : undefined;
        if (known !== undefined) {
          tables.push(parsedJson<ComparedTable>(known, key));
          continue;
        }
        const counterpart = counterparts.get(each.table);
        if (!counterpart || JSON.stringify(counterpart.key) !== JSON.stringify(each.key))
          throw new WatchdogError(
            "WorkFailed",
            `${each.table} is not in the restored database at ${input.host} with the same primary key, so its rows cannot be compared. ` +
              "Nothing was changed, and the old database has them all. Name the tables to compare in the plan.",
          );
        if (compared > ROWS_A_CALL) return { done: false, note: `${tables.length} table(s) are compared` };
        const found = await compareTable(sides, each, counterpart, bucket, prefix);
        await putObject(bucket, key, JSON.stringify(found), "application/json");
        compared += found.left;
        tables.push(found);
      }
      await sides.restored.query("COMMIT");
      const advanced = input.sequences === "advance" ? await advanceSequences(sides.old, sides.restored) : [];
      const manifest: Reconciliation = {
        format: 1,
        run: run.id,
        step: step.id,
        from: { instance: input.instance, database: input.database },
        to: { host: input.host, port: Number(input.port) },
        tables,
        withoutKey: input.tables ? [] : there.without,
        advanced,
      };
      await putObject(bucket, manifestKey(prefix), JSON.stringify(manifest, null, 1), "application/json");
      return { done: false, note: `${tables.length} table(s) are compared; next the rows are read back` };
    });
  },

  async poll(input, { before: { prefix } }, { phase }) {
    if (phase === "revert") return { done: true, note: "kept" };
    const text = await textOf(input.bucket, manifestKey(prefix));
    if (text === undefined) return { done: false, again: true, note: "there are tables left to compare" };
    const found = parsedJson<Reconciliation>(text, manifestKey(prefix));
    const damaged = await damagedIn(
      input.bucket,
      prefix,
      found.tables.flatMap(({ segments }) => segments),
    );
    if (damaged.length > 0)
      throw new WatchdogError(
        "WorkFailed",
        `The rows below s3://${input.bucket}/${prefix} are not whole: ${damaged.join("; ")}. The old database ${input.instance} has them all. Export them again.`,
      );
    return answer(input, prefix, found);
  },

  revert: async ({ bucket }, { before: { prefix } }) => ({
    done: true,
    note: `whatever was exported below s3://${bucket}/${prefix} is kept`,
  }),
};

export const handler = serveAction(reconcile, verbs);
