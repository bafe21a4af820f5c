import pg from "pg";

/** A login to one database; the password comes from a secret and goes nowhere else. */
export interface Login {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** Machine milliseconds one statement may take. */
  statementMilliseconds: number;
}

/** Opens a connection with the certificate verified in full (chain and name), uses it, closes it. */
export async function withDatabase<Result>(
  login: Login,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    host: login.host,
    port: login.port,
    database: login.database,
    user: login.user,
    password: login.password,
    connectionTimeoutMillis: 8_000,
    statement_timeout: login.statementMilliseconds,
    query_timeout: login.statementMilliseconds + 2_000,
    // The system's authorities; on Lambda NODE_EXTRA_CA_CERTS adds those of RDS.
    ssl: { rejectUnauthorized: true },
    application_name: "rollback-watchdog",
  });
  client.on("error", () => undefined); // a lost connection fails the query under way; nothing else to say here
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** How many sessions these roles have open on the whole instance. */
export async function openSessions(client: pg.Client, roles: string[]): Promise<number> {
  const { rows } = await client.query(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = ANY($1)",
    [roles],
  );
  return rows[0].count as number;
}
