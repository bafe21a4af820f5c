/**
 * The orchestrator's image. The program is the same in both versions but for the columns that it knows; it takes its
 * settings from the environment, as the deployment gives them from config map and secrets, and ends at once when one of
 * them makes no sense.
 */
import { createServer } from "node:https";
import { DatabasePool } from "../llm-research-lab/database-pool.ts";

const [, , version = ""] = process.argv;
const setting = (name: string): string => {
  const value = process.env[name];
  if (value) return value;
  console.error(`configuration: ${name} is missing`);
  process.exit(1);
};
const number = (name: string): number => {
  const value = Number(setting(name));
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`configuration: ${name} is "${process.env[name]}" and must be a number`);
  process.exit(1);
};

const most = number("MAX_STEPS");
const token = setting("API_TOKEN");
const [host = "", port = ""] = setting("DNS_SERVER").split(":");
const column = version.startsWith("0.1.") ? "steps" : "definition";
const pool = new DatabasePool(
  {
    name: setting("DATABASE_HOST"),
    dns: { host, port: Number(port) },
    caPem: setting("CA"),
    login: async () => ({
      username: setting("DATABASE_USER"),
      password: setting("DATABASE_PASSWORD"),
      port: number("DATABASE_PORT"),
      database: "orchestrator",
    }),
  },
  4,
);

type Answer = { status: number; body: unknown };

async function answer(method: string, url: URL, authorized: boolean, body: string): Promise<Answer> {
  const path = url.pathname;
  if (path === "/health") return { status: 200, body: { status: "healthy", version } };
  if (path === "/health/ready") {
    await pool.query(`SELECT id, ${column} FROM workflows LIMIT 1`);
    return { status: 200, body: { status: "ready" } };
  }
  if (path !== "/api/v1/workflows") return { status: 404, body: { error: `nothing at ${path}` } };
  if (!authorized) return { status: 401, body: { error: "a token is needed" } };
  if (method === "POST") {
    const { name, steps } = JSON.parse(body) as { name: string; steps: unknown[] };
    if (steps.length > most) return { status: 422, body: { error: `more than ${most} steps` } };
    const [row] = await pool.query<{ id: string }>(
      `INSERT INTO workflows (name, status, ${column}) VALUES ($1, 'created', $2)
         ON CONFLICT (name) DO UPDATE SET status = 'created' RETURNING id`,
      [name, JSON.stringify(steps)],
    );
    return { status: 201, body: { id: row!.id } };
  }
  const rows = await pool.query(
    `SELECT id, name, ${column} FROM workflows WHERE id >= $1 ORDER BY id LIMIT 3`,
    [Number(url.searchParams.get("from") ?? 1)],
  );
  return { status: 200, body: rows };
}

const server = createServer({ cert: setting("TLS_CERT"), key: setting("TLS_KEY") }, (request, response) => {
  let body = "";
  request.on("data", (part: Buffer) => {
    body += part;
  });
  request.on("end", () => {
    const url = new URL(request.url ?? "/", "https://localhost");
    const authorized = request.headers.authorization === `Bearer ${token}`;
    answer(request.method ?? "GET", url, authorized, body)
      .catch((error: Error): Answer => {
        console.error(`${request.method} ${url.pathname}: ${error.message}`);
        return { status: url.pathname === "/health/ready" ? 503 : 500, body: { error: error.message } };
      })
      .then(({ status, body: out }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(out));
      });
  });
});
server.keepAliveTimeout = 30_000;
server.listen(8443, setting("HOST"), () => console.log(`orchestrator ${version} listens`));
process.on("SIGTERM", () => process.exit(0));
