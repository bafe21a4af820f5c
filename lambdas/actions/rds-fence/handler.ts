import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import pg from "pg";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { openSessions, withDatabase } from "../../runtime/postgres.ts";
import { secretMembers } from "../../runtime/secret-value.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { rdsFence } from "./spec.ts";

const rds = once(() => new RDSClient(clientSettings));
type Input = {
  instance: string;
  cluster?: string | undefined;
  roles: string[];
  database: string;
  secret: string;
};
type Before = { address: string; port: number; roles: { name: string; login: boolean }[] };

/** Times a session is ended again before the fence counts as failed: pools reconnect until the login is refused. */
const ROUNDS = 20;

async function connected<Result>(
  { database, secret }: Input,
  { address, port }: { address: string; port: number },
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

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const { DBInstances } = await rds().send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: input.instance }),
    );
    const { Endpoint: endpoint, DBClusterIdentifier } = DBInstances?.[0] ?? {};
    if (input.cluster !== undefined && DBClusterIdentifier !== input.cluster)
      throw refusal(
        `${input.instance} is no instance of the cluster ${input.cluster} (it is of ${DBClusterIdentifier ?? "none"}), so nobody would be kept out of that. Nothing was changed. Correct the plan.`,
      );
    if (!endpoint?.Address || !endpoint.Port)
      throw refusal(
        `${input.instance} has no endpoint, so nobody can be kept out of it. Nothing was changed.`,
      );
    const at = { address: endpoint.Address, port: endpoint.Port };
    return connected(input, at, async (client) => {
      const roles = await logins(client, input.roles);
      const missing = input.roles.filter((name) => !roles.some((role) => role.name === name));
      if (missing.length > 0)
        throw refusal(
          `${input.instance} has no role ${missing.join(", ")}. Nothing was changed. Correct the plan.`,
        );
      const open = await openSessions(client, input.roles);
      return {
        before: { ...at, roles },
        after: { roles: roles.map(({ name }) => ({ name, login: false })) },
        summary: `${input.roles.join(", ")} can no longer log in to ${input.instance}; ${open} session(s) are ended`,
      };
    });
  },

  apply: (input, { before }, { now }) =>
    connected(input, before, async (client) => {
      for (const { name } of before.roles)
        await client.query(`ALTER ROLE ${pg.escapeIdentifier(name)} NOLOGIN`);
      let ended = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const { rowCount } = await client.query(
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = ANY($1)",
          [input.roles],
        );
        ended += rowCount ?? 0;
        if ((await openSessions(client, input.roles)) === 0)
          return {
            done: true,
            note: `${input.roles.join(", ")} kept out of ${input.instance}, ${ended} session(s) ended`,
            outputs: { fencedAt: new Date(now()).toISOString(), ended },
          };
      }
      throw new WatchdogError(
        "WorkFailed",
        `Sessions of ${input.roles.join(", ")} on ${input.instance} do not end. They may not log in again. Nothing else was changed. End them by hand.`,
      );
    }),

  poll: (input, { before }, { phase }) =>
    connected(input, before, async (client) => {
      const roles = await logins(client, input.roles);
      const open = await openSessions(client, input.roles);
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
      return { done: true, note: `${input.roles.join(", ")} as before on ${input.instance}` };
    }),
};

export const handler = serveAction(rdsFence, verbs);
