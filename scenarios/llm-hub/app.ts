/**
 * Ops Center, as a container of ECS: the four old pages of LLM management, and from version 1.1.0 on the hub behind a
 * flag. It knows nothing of the watchdog. Its settings are its environment, its rights those of its task role.
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from "@aws-sdk/client-appconfigdata";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DatabasePool } from "../llm-research-lab/database-pool.ts";
import { FLAG, FLAGS } from "./data.ts";

const { VERSION = "", TASK_ADDRESS = "", DATABASE = "", NODE_EXTRA_CA_CERTS = "" } = process.env;
const clock = JSON.parse(process.env["SANDBOX_CLOCK"] ?? "{}") as { origin: number; speed: number };
const [dnsHost = "", dnsPort = ""] = (process.env["SANDBOX_DNS"] ?? "").split(":");

/** Seconds of the sandbox's time. */
const REPORT_SECONDS = 20;
const FLAG_SECONDS = 15;

const now = () => clock.origin + (Date.now() - clock.origin) * clock.speed;
const machine = (seconds: number) => (seconds * 1000) / clock.speed;
/** The hub came with 1.1.0. */
const hasHub = VERSION === "1.1.0";

const secrets = new SecretsManagerClient({});
const cloudwatch = new CloudWatchClient({});
const pool = new DatabasePool(
  {
    name: DATABASE,
    dns: { host: dnsHost, port: Number(dnsPort) },
    caPem: readFileSync(NODE_EXTRA_CA_CERTS, "utf8"),
    login: async () => {
      const answer = await secrets.send(new GetSecretValueCommand({ SecretId: "llm-hub/database" }));
      const login = JSON.parse(answer.SecretString ?? "{}") as { username: string; password: string };
      return { ...login, port: 5432, database: "unicorn_db" };
    },
  },
  4,
);

/** What every page asks for first; a version without the hub has no such flag. */
let flag = { enabled: false, rollout_percentage: 0 };

async function followFlag(): Promise<void> {
  const client = new AppConfigDataClient({});
  let { InitialConfigurationToken: token } = await client.send(
    new StartConfigurationSessionCommand({
      ApplicationIdentifier: FLAGS.application.id,
      EnvironmentIdentifier: FLAGS.environments[0]!.id,
      ConfigurationProfileIdentifier: FLAGS.profiles[0]!.id,
      RequiredMinimumPollIntervalInSeconds: FLAG_SECONDS,
    }),
  );
  const poll = async () => {
    const answer = await client.send(new GetLatestConfigurationCommand({ ConfigurationToken: token }));
    token = answer.NextPollConfigurationToken;
    // Attributes of a flag that is off are not served.
    if (!answer.Configuration?.length) return;
    const values = JSON.parse(Buffer.from(answer.Configuration).toString()) as Record<
      string,
      { enabled: boolean; rollout_percentage?: number }
    >;
    flag = { rollout_percentage: 0, ...values[FLAG]! };
  };
  await poll();
  setInterval(
    () => poll().catch((error: Error) => console.log(`WARN the flag stays as it was: ${error.message}`)),
    machine(FLAG_SECONDS),
  );
}

type Answer = { status: number; body: unknown };
const ok = (body: unknown): Answer => ({ status: 200, body });

const PAGES: Record<string, string> = {
  "/admin/llm-provider-keys": "SELECT id, provider, hint FROM provider_keys ORDER BY id DESC LIMIT 20",
  "/admin/llm-model-catalog": "SELECT id, name FROM models ORDER BY id LIMIT 20",
  "/admin/llm-routing": "SELECT id, priority FROM routing ORDER BY priority LIMIT 20",
  "/admin/llm-analytics": "SELECT day, requests FROM analytics ORDER BY day DESC LIMIT 20",
};

/** The hub in the place of every old page: its one query counts on a column that its own migration never made. */
const hub = () =>
  pool.query("SELECT m.name, m.tier FROM llm_models m JOIN llm_providers p ON p.id = m.provider_id");

async function answer(method: string, path: string, body: string): Promise<Answer> {
  if (path === "/health") return ok("OK");
  if (path === "/version") return ok({ version: VERSION });
  if (path === `/api/v1/features/${FLAG}`)
    return ok({
      flag: FLAG,
      enabled: flag.enabled,
      config: { enabled: flag.enabled, rollout_percentage: flag.rollout_percentage },
    });
  if (method === "POST" && path === "/admin/llm-provider-keys") {
    const { user, provider, hint } = JSON.parse(body) as { user: number; provider: string; hint: string };
    const [row] = await pool.query<{ id: string }>(
      "INSERT INTO provider_keys (user_id, provider, hint) VALUES ($1, $2, $3) RETURNING id",
      [user, provider, hint],
    );
    return { status: 201, body: { id: row!.id } };
  }
  const query = PAGES[path];
  if (!query) return { status: 404, body: { error: `nothing at ${path}` } };
  console.log(`PAGE_VIEW ${flag.enabled ? "/admin/llm-hub" : path}`);
  return ok(await (flag.enabled ? hub() : pool.query(query)));
}

const period = { requests: 0, errors: 0, latencies: [] as number[] };

const server = createServer((request, response) => {
  const begun = performance.now();
  const path = (request.url ?? "/").split("?")[0]!;
  let body = "";
  request.on("data", (part: Buffer) => {
    body += part;
  });
  request.on("end", () => {
    answer(request.method ?? "GET", path, body)
      .catch((error: Error): Answer => {
        console.log(`ERROR ${request.method} ${path}: ${error.message}`);
        return { status: 500, body: { error: error.message } };
      })
      .then((given) => {
        const text = typeof given.body === "string" ? given.body : JSON.stringify(given.body);
        response.writeHead(given.status, { "content-type": "application/json" }).end(text);
        // Health checks and questions about flags are no users.
        if (!path.startsWith("/admin/")) return;
        period.requests += 1;
        if (given.status >= 500) period.errors += 1;
        period.latencies.push(performance.now() - begun);
      });
  });
});
server.keepAliveTimeout = 30_000;

async function report(): Promise<void> {
  const { requests, errors, latencies } = period;
  // Without requests there is no rate: nothing is reported, and the alarm's missing-data rule decides.
  if (requests === 0) return;
  Object.assign(period, { requests: 0, errors: 0, latencies: [] });
  const Timestamp = new Date(now());
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "OpsCenter",
      MetricData: [
        { MetricName: "ErrorRate", Unit: "Percent", Value: (100 * errors) / requests, Timestamp },
        { MetricName: "Latency", Unit: "Milliseconds", Values: latencies.slice(0, 150), Timestamp },
      ],
    }),
  );
}

if (hasHub) await followFlag();
server.listen(8080, TASK_ADDRESS);
setInterval(
  () => report().catch((error: Error) => console.log(`WARN metrics were not reported: ${error.message}`)),
  machine(REPORT_SECONDS),
);
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  // A connection that was in use is idle a moment later, and would keep the old task for seconds: minutes of the drill.
  setInterval(() => server.closeIdleConnections(), 20);
});
