import type pg from "pg";
import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { type Catalog, catalogOf, definitionsDigest } from "../../runtime/sql/catalog.ts";
import { connectedForPlan, endpointOf } from "../../runtime/sql/database.ts";
import { quoted, shown, tableName } from "../../runtime/sql/names.ts";
import {
  ensureSchema,
  keepRecord,
  markUndone,
  mayKeep,
  recordOf,
  SCHEMA,
} from "../../runtime/sql/own-schema.ts";
import { migrationProblem } from "../../runtime/sql/statement.ts";
import { transaction, unexpected, writtenRows } from "../../runtime/sql/transaction.ts";
import { blockers } from "./blockers.ts";
import { covered, type Named, strayRows, surprises } from "./effect.ts";
import { type Copy, copiesOf, keepCopies, putBack, sizeUp } from "./keep.ts";
import { sqlMigration } from "./spec.ts";
import { currentVersion, setBack, setForward } from "./version.ts";

type Input = z.output<typeof sqlMigration.input>;
type Before = z.output<typeof sqlMigration.before>;
type Statement = Input["statements"][number];
/** What a done step left in its transaction. */
interface Done {
  rows: unknown[];
  copies: Copy[];
}

const newest = ({ version }: Input) => version.undoes.at(-1)!;
const sqlOf = (statement: Statement) => (typeof statement === "string" ? statement : statement.sql);

function refuseStatements(statements: Statement[], where: string): void {
  statements.forEach((statement, index) => {
    const problem = migrationProblem(sqlOf(statement));
    if (problem)
      throw refusal(
        `Statement ${index + 1} of \`${where}\` ${problem}. Nothing was changed. Correct the plan.`,
      );
  });
}

/** Whether the plan's own question is answered with true. */
async function precondition(client: pg.ClientBase, { precondition: text }: Input): Promise<boolean> {
  // The extended protocol takes one statement only.
  const { rows } = await client.query({ text, queryMode: "extended" } as pg.QueryConfig);
  const [first] = Object.values((rows[0] ?? {}) as Record<string, unknown>);
  return first === true;
}

function changedSince(input: Input, what: string): WatchdogError {
  return new WatchdogError(
    "ChangedSincePreflight",
    `${input.database} on ${input.instance} is not as it was when the run began: ${what}. Nothing was changed. Find out who changed it.`,
  );
}

/** Locks first: the transaction's snapshot begins after them. */
async function lock(client: pg.ClientBase, input: Input, tables: string[]): Promise<void> {
  await client.query(`LOCK TABLE ${quoted(tableName(input.version.table))} IN SHARE ROW EXCLUSIVE MODE`);
  for (const table of tables)
    await client.query(`LOCK TABLE ${quoted(tableName(table))} IN ACCESS EXCLUSIVE MODE`);
}

/** Runs statements and holds what they did against what is named. Throws, and so takes everything back, otherwise. */
async function run(
  client: pg.ClientBase,
  input: Input,
  statements: Statement[],
  named: Named,
  before: Catalog,
  afterwards: () => Promise<unknown>,
): Promise<void> {
  for (const [index, statement] of statements.entries()) {
    const { rowCount } = await client.query(sqlOf(statement));
    if (typeof statement !== "string" && rowCount !== statement.rows)
      throw unexpected(
        `Statement ${index + 1} wrote ${rowCount} row(s), and the plan says ${statement.rows}.`,
      );
  }
  await afterwards();
  const stray = strayRows(await writtenRows(client), named, shown(tableName(input.version.table)), SCHEMA);
  const found = [...surprises(before, await catalogOf(client), named), ...stray];
  if (found.length > 0)
    throw unexpected(
      `${input.database} on ${input.instance}: the statements would do more or less than the plan names: ${found.join("; ")}.`,
    );
}

const namedOf = ({ drops, adds, changes }: Input): Named => ({ drops, adds, changes });
const reversed = ({ drops, adds, changes }: Input): Named => ({ drops: adds, adds: drops, changes });

/** Tables that exist and will be altered or dropped. */
const tablesToLock = (input: Input, catalog: Catalog, named: Named): string[] => {
  const covers = covered({ ...named, adds: [] });
  const tables = [...catalog].flatMap(([name, { of }]) =>
    name.startsWith("table ") && covers(name, of) ? [of] : [],
  );
  return tables.filter((table) => table !== shown(tableName(input.version.table))).toSorted();
};

const answer = (input: Input, { copies }: Pick<Done, "copies">) => ({
  done: true,
  note: `${input.database} on ${input.instance} is at ${input.version.becomes}`,
  outputs: { version: input.version.becomes, keptIn: copies.map(({ kept }) => `${SCHEMA}.${kept}`) },
});
const keyOf = ({ run: { id }, step }: StepContext) => ({ run: id, step: step.id });

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    refuseStatements(input.statements, "statements");
    refuseStatements(input.forward, "forward");
    const at = await endpointOf(input.instance);
    return connectedForPlan(input, at, input.statementSeconds, async (client) => {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await mayKeep(client, input.database);
      const version = await currentVersion(client, input.version);
      const catalog = await catalogOf(client);
      const definitions = definitionsDigest(catalog, covered(namedOf(input)));
      const already = version === input.version.becomes;
      const evidence: string[] = [`${shown(tableName(input.version.table))} says ${version}`];
      if (!already) {
        if (version !== newest(input))
          throw refusal(
            `${input.database} on ${input.instance} is at ${version}, and the plan undoes ${newest(input)}. Nothing was changed. Correct the plan, or undo what came since first.`,
          );
        if (!(await precondition(client, input)))
          throw refusal(
            `The precondition does not hold in ${input.database} on ${input.instance}: ${input.precondition}. Nothing was changed. Look at the database before anything else.`,
          );
        const problems = [
          ...input.drops.filter((name) => !catalog.has(name)).map((name) => `there is no ${name}`),
          ...input.adds.filter((name) => catalog.has(name)).map((name) => `${name} is there already`),
          ...(await blockers(client, input.drops)),
        ];
        if (problems.length > 0)
          throw refusal(
            `The migration cannot be undone in ${input.database} on ${input.instance}: ${problems.join("; ")}. Nothing was changed. Correct the plan.`,
          );
        const copies = copiesOf(input.drops, context.run.id, context.step.id);
        evidence.push(...(await sizeUp(client, copies, input.keepUpTo)).rows);
      }
      await client.query("ROLLBACK");
      return {
        before: { ...at, version, definitions, already },
        after: { version: input.version.becomes, statements: input.statements.map(sqlOf) },
        summary: already
          ? `${input.database} on ${input.instance} is at ${input.version.becomes} already`
          : `${input.database} on ${input.instance}: ${version} → ${input.version.becomes}, ${input.statements.length} statement(s) in one transaction${input.drops.length > 0 ? `, which drop ${input.drops.join(", ")}` : ""}`,
        evidence,
        ...(already || input.keepUpTo === 0 || input.drops.length === 0
          ? {}
          : { keeps: [`what is dropped, as tables of the schema ${SCHEMA} in ${input.database}`] }),
        expects: { version: input.version.becomes },
      };
    });
  },

  apply: (input, { before }, context) =>
    connectedForPlan(input, before, input.statementSeconds, async (client) => {
      const key = keyOf(context);
      const known = await recordOf<Done>(client, key);
      if (known && !known.undone) return answer(input, known.what);
      if (before.already) return answer(input, { copies: [] });
      await ensureSchema(client);
      const tables = tablesToLock(input, await catalogOf(client), namedOf(input));
      const doing = `Undoing ${newest(input)} in ${input.database} on ${input.instance}`;
      const done = await transaction(client, { doing, lockSeconds: input.lockSeconds }, async () => {
        await lock(client, input, tables);
        const version = await currentVersion(client, input.version);
        if (version !== before.version)
          throw changedSince(input, `it is at ${version}, not ${before.version}`);
        const catalog = await catalogOf(client);
        if (definitionsDigest(catalog, covered(namedOf(input))) !== before.definitions)
          throw changedSince(input, "an object that the plan names is defined otherwise");
        if (!(await precondition(client, input)))
          throw changedSince(input, `the precondition no longer holds (${input.precondition})`);
        const copies =
          input.keepUpTo === 0 ? [] : await keepCopies(client, copiesOf(input.drops, key.run, key.step));
        let rows: unknown[] = [];
        await run(client, input, input.statements, namedOf(input), catalog, async () => {
          rows = await setBack(client, input.version);
        });
        const now = await currentVersion(client, input.version);
        if (now !== input.version.becomes)
          throw unexpected(
            `${shown(tableName(input.version.table))} would say ${now}, and the plan says ${input.version.becomes}.`,
          );
        await keepRecord(client, key, { rows, copies } satisfies Done);
        return { rows, copies };
      });
      return answer(input, done);
    }),

  poll: (input, { before }, context) =>
    connectedForPlan(input, before, input.statementSeconds, async (client) => {
      const known = await recordOf<Done>(client, keyOf(context));
      const version = await currentVersion(client, input.version);
      const applied = before.already || (known !== undefined && !known.undone);
      return {
        ...answer(input, known?.what ?? { copies: [] }),
        done: context.phase === "apply" ? applied : !applied,
        note: `${input.database} on ${input.instance} is at ${version}`,
      };
    }),

  revert: (input, { before }, context) =>
    connectedForPlan(input, before, input.statementSeconds, async (client) => {
      const key = keyOf(context);
      const known = await recordOf<Done>(client, key);
      const nothing = { done: true, note: `${input.database} on ${input.instance} is at ${before.version}` };
      if (!known || known.undone) {
        const version = await currentVersion(client, input.version);
        if (version !== before.version)
          throw changedSince(input, `it is at ${version}, not ${before.version}`);
        return nothing;
      }
      if (input.forward.length === 0)
        throw new WatchdogError(
          "Refusal",
          `${input.database} on ${input.instance} stays at ${input.version.becomes}: the plan says nothing of how to do ${newest(input)} again (forward). ` +
            `Nothing was changed. What was dropped is in the schema ${SCHEMA} and in the backup.`,
        );
      const tables = tablesToLock(input, await catalogOf(client), reversed(input));
      const doing = `Doing ${newest(input)} again in ${input.database} on ${input.instance}`;
      await transaction(client, { doing, lockSeconds: input.lockSeconds }, async () => {
        await lock(client, input, tables);
        const version = await currentVersion(client, input.version);
        if (version !== input.version.becomes)
          throw changedSince(input, `it is at ${version}, not ${input.version.becomes}`);
        const catalog = await catalogOf(client);
        await run(client, input, input.forward, reversed(input), catalog, async () => {
          await putBack(client, known.what.copies);
          await setForward(client, input.version, known.what.rows);
        });
        await markUndone(client, key);
      });
      return nothing;
    }),
};

export const handler = serveAction(sqlMigration, verbs);
