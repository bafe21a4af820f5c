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
  /** Whose statements run in it; `watchdog` unless given. */
  statements?: "watchdog" | "plan";
}

/**
 * Where unqualified names are looked up by statements of the watchdog: nowhere but in PostgreSQL's own catalog. Otherwise
 * whoever may create functions in `public` has one run as this login's user, whose argument types fit better than those
 * of PostgreSQL's own (CVE-2018-1058). A plan's statements, and what triggers do after them, need their user's path.
 */
const OWN_PATH = "SET search_path = pg_catalog, pg_temp";

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
    if (login.statements !== "plan") await client.query(OWN_PATH);
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
