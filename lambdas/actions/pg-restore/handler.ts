import pg from "pg";
import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { connected, type Endpoint, endpointOf } from "../../runtime/sql/database.ts";
import { type Manifest, manifestKey } from "../../runtime/sql/manifest.ts";
import { listed, parsedJson, textOf } from "../../runtime/sql/objects.ts";
import { ensureSchema, keepRecord, recordOf } from "../../runtime/sql/own-schema.ts";
import { transaction } from "../../runtime/sql/transaction.ts";
import { digest } from "../../runtime/tokens.ts";
import { load } from "./load.ts";
import { pgRestore } from "./spec.ts";

type Input = z.output<typeof pgRestore.input>;
type Before = z.output<typeof pgRestore.before>;
interface Done {
  tables: number;
  rows: number;
  notGranted: string[];
}

const STATEMENT_SECONDS = 110;
const markOf = ({ run, step }: StepContext) => `rollback-watchdog ${run.id} ${step.id}`;
const keyOf = ({ run: { id }, step }: StepContext) => ({ run: id, step: step.id });

/** A database's comment; undefined when there is no such database, null when it has none. */
async function commentOf(client: pg.ClientBase, database: string): Promise<string | null | undefined> {
  const { rows } = await client.query(
    "SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1",
    [database],
  );
  return rows[0]?.comment as string | null | undefined;
}

const maintained = <Result>(
  { maintenance, secret }: Input,
  at: Endpoint,
  use: (client: pg.Client) => Promise<Result>,
) => connected({ database: maintenance, secret }, at, STATEMENT_SECONDS, use);

const restored = <Result>({ secret }: Input, before: Before, use: (client: pg.Client) => Promise<Result>) =>
  connected({ database: before.target, secret }, before, STATEMENT_SECONDS, use);

async function manifestOf({ bucket, prefix }: Input): Promise<Manifest | undefined> {
  const there = await listed(bucket, prefix);
  const text = there.has(manifestKey(prefix)) ? await textOf(bucket, manifestKey(prefix)) : undefined;
  return text === undefined ? undefined : parsedJson<Manifest>(text, manifestKey(prefix));
}

const answer = (
  { instance }: Input,
  { target, address, port }: Before,
  { tables, rows, notGranted }: Done,
) => ({
  done: true,
  note: `${rows} row(s) of ${tables} table(s) counted in the fresh database ${target} on ${instance}`,
  outputs: { database: target, address, port, tables, rows, notGranted },
});

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const { run, step } = context;
    const target =
      input.as ??
      `${input.database
        .toLowerCase()
        .replace(/[^a-z0-9_]/g, "_")
        .slice(0, 50)}_r_${digest(`${run.id}/${step.id}`, 8)}`;
    if (!input.prefix.startsWith(`${input.under}/`))
      throw refusal(
        `The dump lies below ${input.prefix}, and this step may read below ${input.under}/ only. Nothing was changed. Correct \`under\`.`,
      );
    const at = await endpointOf(input.instance);
    const { exists, may } = await maintained(input, at, async (client) => {
      const { rows } = await client.query(
        "SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user",
      );
      return { exists: (await commentOf(client, target)) !== undefined, may: rows[0].may as boolean };
    });
    if (exists)
      throw refusal(
        `There is a database ${target} on ${input.instance}, and a dump is restored into a fresh one only. Nothing was changed. Give it another name.`,
      );
    if (!may)
      throw refusal(
        `The user of ${input.secret} may not create databases on ${input.instance}. Nothing was changed. Name another secret.`,
      );
    const manifest = await manifestOf(input);
    const rows = manifest?.tables.reduce((sum, each) => sum + each.rows, 0);
    return {
      before: { ...at, target },
      after: { database: target },
      summary: `s3://${input.bucket}/${input.prefix} as the fresh database ${target} on ${input.instance}`,
      evidence: [
        manifest
          ? `${rows} row(s) of ${manifest.tables.length} table(s), dumped at ${manifest.takenAt}`
          : "the dump is made by this run",
      ],
      keeps: [`${input.database} on ${input.instance}, as it is`],
      expects: { database: target, ...at },
    };
  },

  async apply(input, { before }, context) {
    const { target } = before;
    await maintained(input, before, async (client) => {
      const comment = await commentOf(client, target);
      if (comment !== undefined && comment !== null && comment !== markOf(context))
        throw new WatchdogError(
          "ChangedSincePreflight",
          `A database ${target} exists on ${input.instance} that this run did not make. It was left alone. Nothing was changed.`,
        );
      const name = pg.escapeIdentifier(target);
      if (comment === undefined) await client.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      await client.query(`COMMENT ON DATABASE ${name} IS ${pg.escapeLiteral(markOf(context))}`);
    });
    const done = await restored(input, before, async (client) => {
      const known = await recordOf<Done>(client, keyOf(context));
      if (known) return known.what;
      const manifest = await manifestOf(input);
      if (!manifest)
        throw new WatchdogError(
          "WorkFailed",
          `There is no dump below s3://${input.bucket}/${input.prefix}. The fresh database ${target} is empty. Nothing else was changed.`,
        );
      await ensureSchema(client);
      const doing = `Restoring s3://${input.bucket}/${input.prefix} into ${target}`;
      return transaction(client, { doing, lockSeconds: 10, isolation: "READ COMMITTED" }, async () => {
        const notGranted = await load(client, input.bucket, manifest);
        const what: Done = {
          tables: manifest.tables.length,
          rows: manifest.tables.reduce((sum, each) => sum + each.rows, 0),
          notGranted,
        };
        await keepRecord(client, keyOf(context), what);
        return what;
      });
    });
    return answer(input, before, done);
  },

  async poll(input, { before }, context) {
    if (context.phase === "revert") return { done: true, note: `${before.target} is kept` };
    const known = await restored(input, before, (client) => recordOf<Done>(client, keyOf(context)));
    return known
      ? answer(input, before, known.what)
      : { done: false, note: `${before.target} is being filled` };
  },

  // What was restored is never dropped: it is marked and kept.
  revert: (input, { before }, context) =>
    maintained(input, before, async (client) => {
      const { target } = before;
      if ((await commentOf(client, target)) === undefined)
        return { done: true, note: `there is no ${target} to keep` };
      await client.query(
        `COMMENT ON DATABASE ${pg.escapeIdentifier(target)} IS ${pg.escapeLiteral(`${markOf(context)}, set aside`)}`,
      );
      return { done: true, note: `${target} is kept and marked` };
    }),
};

export const handler = serveAction(pgRestore, verbs);
