import pg from "pg";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { openSessions, withDatabase } from "../../runtime/postgres.ts";
import { secretMembers } from "../../runtime/secret-value.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { type Place, serversOf } from "./servers.ts";
import { rdsFence } from "./spec.ts";

type Input = {
  instance: string;
  cluster?: string | undefined;
  roles: string[];
  database: string;
  secret: string;
};
type Before = Place & { readers?: Place[] | undefined; roles: { name: string; login: boolean }[] };

/** Times a session is ended again before the fence counts as failed: pools reconnect until the login is refused. */
const ROUNDS = 20;

/** Tenths of a second that a reader may lag behind its writer. */
const LAG = 100;

const nameOf = ({ cluster, instance }: Input) => cluster ?? instance;

async function connected<Result>(
  { database, secret }: Input,
  { address, port }: Place,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { username = "", password = "" } = await secretMembers(secret);
  return withDatabase(
    { host: address, port, database, user: username, password, statementMilliseconds: 15_000 },
    use,
  );
}

async function logins(client: pg.Client, roles: string[]): Promise<{ name: string; login: boolean }[]> {
  const { rows } = await client.query(
    "SELECT rolname AS name, rolcanlogin AS login FROM pg_roles WHERE rolname = ANY($1) ORDER BY 1",
    [roles],
  );
  return rows as { name: string; login: boolean }[];
}

/** Sessions at the readers: a role that may not log in any more goes on reading old rows in those that it has. */
async function openAtReaders(input: Input, readers: Place[]): Promise<number> {
  let open = 0;
  for (const reader of readers)
    open += await connected(input, reader, (client) => openSessions(client, input.roles));
  return open;
}

/** Waits until a reader refuses the roles too: what was ended there before could come back. */
async function untilKnown(client: pg.Client, { roles }: Input, where: string): Promise<void> {
  for (let tenth = 0; tenth < LAG; tenth += 1) {
    if ((await logins(client, roles)).every(({ login }) => !login)) return;
    await client.query("SELECT pg_sleep(0.1)");
  }
  throw new WatchdogError(
    "WorkFailed",
    `${where} is more than ${LAG / 10} s behind its writer and still lets ${roles.join(", ")} in to read. They may not log in to the writer any more. Nothing else was changed. See why it lags.`,
  );
}

/** Ends sessions of the roles until there are none; how many there were. */
async function endSessions(client: pg.Client, { roles }: Input, where: string): Promise<number> {
  let ended = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { rowCount } = await client.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = ANY($1)",
      [roles],
    );
    ended += rowCount ?? 0;
    if ((await openSessions(client, roles)) === 0) return ended;
  }
  throw new WatchdogError(
    "WorkFailed",
    `Sessions of ${roles.join(", ")} on ${where} do not end. They may not log in again. Nothing else was changed. End them by hand.`,
  );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const { readers, ...at } = await serversOf(input);
    const name = nameOf(input);
    return connected(input, at, async (client) => {
      const roles = await logins(client, input.roles);
      const missing = input.roles.filter((role) => !roles.some((each) => each.name === role));
      if (missing.length > 0)
        throw refusal(`${name} has no role ${missing.join(", ")}. Nothing was changed. Correct the plan.`);
      const open = (await openSessions(client, input.roles)) + (await openAtReaders(input, readers));
      return {
        before: { ...at, ...(readers.length > 0 ? { readers } : {}), roles },
        after: { roles: roles.map((role) => ({ name: role.name, login: false })) },
        summary: `${input.roles.join(", ")} can no longer log in to ${name}; ${open} session(s) are ended${readers.length > 0 ? `, on its ${readers.length} reader(s) too` : ""}`,
      };
    });
  },

  async apply(input, { before }, { now }) {
    let ended = await connected(input, before, async (client) => {
      for (const { name } of before.roles)
        await client.query(`ALTER ROLE ${pg.escapeIdentifier(name)} NOLOGIN`);
      return endSessions(client, input, nameOf(input));
    });
    for (const reader of before.readers ?? [])
      ended += await connected(input, reader, async (client) => {
        await untilKnown(client, input, reader.address);
        return endSessions(client, input, reader.address);
      });
    return {
      done: true,
      note: `${input.roles.join(", ")} kept out of ${nameOf(input)}, ${ended} session(s) ended`,
      outputs: { fencedAt: new Date(now()).toISOString(), ended },
    };
  },

  poll: (input, { before }, { phase }) =>
    connected(input, before, async (client) => {
      const roles = await logins(client, input.roles);
      const open =
        (await openSessions(client, input.roles)) +
        (phase === "apply" ? await openAtReaders(input, before.readers ?? []) : 0);
      const done =
        phase === "apply"
          ? roles.every(({ login }) => !login) && open === 0
          : before.roles.every(
              ({ name, login }) => roles.find((role) => role.name === name)?.login === login,
            );
      return {
        done,
        note: `${open} session(s), ${roles.map(({ name, login }) => `${name} ${login ? "may" : "may not"} log in`).join(", ")}`,
      };
    }),

  revert: (input, { before }) =>
    connected(input, before, async (client) => {
      for (const { name, login } of before.roles)
        await client.query(`ALTER ROLE ${pg.escapeIdentifier(name)} ${login ? "LOGIN" : "NOLOGIN"}`);
      return { done: true, note: `${input.roles.join(", ")} as before on ${nameOf(input)}` };
    }),
};

export const handler = serveAction(rdsFence, verbs);
