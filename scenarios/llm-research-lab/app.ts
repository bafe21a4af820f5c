/**
 * The research lab's API: the service that is broken and repaired. A process of its own, started by
 * `scenario.ts`; it knows nothing of the watchdog. Settings come in the one IPC message, answers are HTTPS.
 */
import { createServer } from "node:https";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DatabasePool } from "./database-pool.ts";

export interface AppSettings {
  address: string;
  port: number;
  certPem: string;
  keyPem: string;
  caPem: string;
  dns: { host: string; port: number };
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  clock: { origin: number; speed: number };
  token: string;
  providerUrl: string;
  databaseName: string;
  /** The name of the database's readers, where they have one: what only reads goes there. */
  readerName?: string;
}

/** Sent later: which endpoints have a defect of the program's own from now on. */
export interface Defects {
  defects: string[];
}

/** Seconds of the sandbox's time between two reports of the service's own metrics. */
const REPORT_SECONDS = 20;
/** Seconds of the sandbox's time for which a secret is kept before it is read again. */
const SECRET_SECONDS = 30;

function serve(settings: AppSettings): void {
  const now = () => settings.clock.origin + (Date.now() - settings.clock.origin) * settings.clock.speed;
  const aws = {
    region: "us-east-1",
    endpoint: settings.endpoint,
    credentials: settings.credentials,
    systemClockOffset: 0,
  };
  const secrets = new SecretsManagerClient(aws);
  const cloudwatch = new CloudWatchClient(aws);

  const kept = new Map<string, { value: Record<string, string>; until: number }>();
  async function secret(id: string): Promise<Record<string, string>> {
    const known = kept.get(id);
    if (known && known.until > now()) return known.value;
    const answer = await secrets.send(new GetSecretValueCommand({ SecretId: id }));
    const value = JSON.parse(answer.SecretString ?? "{}") as Record<string, string>;
    kept.set(id, { value, until: now() + SECRET_SECONDS * 1000 });
    return value;
  }

  const poolOf = (name: string) =>
    new DatabasePool(
      {
        name,
        dns: settings.dns,
        caPem: settings.caPem,
        login: async () => {
          const login = await secret("llm-research/database");
          return {
            username: login.username!,
            password: login.password!,
            port: Number(login.port),
            database: login.dbname!,
          };
        },
      },
      8,
    );
  const pool = poolOf(settings.databaseName);
  const reads = settings.readerName === undefined ? pool : poolOf(settings.readerName);

  let defects: string[] = [];
  process.on("message", (message: Defects) => {
    defects = message.defects;
    process.send?.({ type: "spoiled" });
  });

  const period = { requests: 0, errors: 0, latencies: [] as number[] };
  const total = { requests: 0, errors: 0 };

  /** The lab's providers answer only to the right key. */
  async function providers(): Promise<unknown> {
    const { key } = await secret("llm-research/provider-key");
    const answer = await fetch(`${settings.providerUrl}/v1/providers`, {
      headers: { authorization: `Bearer ${key}` },
    });
    if (!answer.ok) throw new Error(`provider answered ${answer.status}`);
    return answer.json();
  }

  async function experiments(from: number): Promise<unknown> {
    const rows = await reads.query<{ id: string; name: string; metrics: { accuracy: number } | null }>(
      "SELECT id, name, metrics FROM experiments WHERE id >= $1 ORDER BY id LIMIT 3",
      [from],
    );
    // A row without metrics is what the old code never expected; this is where release 1.3.0 hurts.
    return rows.map((row) => ({ id: row.id, name: row.name, accuracy: row.metrics!.accuracy.toFixed(3) }));
  }

  type Answer = { status: number; body: unknown };
  const ok = (body: unknown): Answer => ({ status: 200, body });

  async function answer(method: string, url: URL, authorized: boolean, body: string): Promise<Answer> {
    const path = url.pathname;
    if (defects.includes(path)) throw new Error(`defect in ${path}`);
    if (path === "/health") return ok("OK");
    if (path === "/metrics")
      return ok(`http_requests_total ${total.requests}\nhttp_errors_total ${total.errors}\n`);
    if (path === "/health/ready") {
      await pool.query("SELECT 1");
      await experiments(1);
      await providers();
      return ok({ status: "healthy" });
    }
    if (!authorized) return { status: 401, body: { error: "a token is needed" } };
    const from = Number(url.searchParams.get("from") ?? 1);
    if (method === "POST" && path === "/experiments") {
      const wanted = JSON.parse(body) as { name: string; model: number; metrics: unknown };
      const [row] = await pool.query<{ id: string }>(
        "INSERT INTO experiments (name, model_id, status, metrics) VALUES ($1, $2, 'running', $3) RETURNING id",
        [wanted.name, wanted.model, JSON.stringify(wanted.metrics)],
      );
      return { status: 201, body: { id: row!.id } };
    }
    if (path === "/models")
      return ok(await reads.query("SELECT id, name, provider FROM models ORDER BY id LIMIT 20"));
    if (path === "/models/providers") return ok(await providers());
    if (path === "/experiments") return ok(await experiments(from));
    if (path === "/datasets")
      return ok(
        await reads.query("SELECT id, name FROM datasets WHERE id >= $1 ORDER BY id LIMIT 10", [from]),
      );
    if (path === "/prompts")
      return ok(
        await reads.query("SELECT id, body FROM prompts WHERE id >= $1 ORDER BY id LIMIT 10", [from]),
      );
    return { status: 404, body: { error: `nothing at ${path}` } };
  }

  const server = createServer({ cert: settings.certPem, key: settings.keyPem }, (request, response) => {
    const begun = performance.now();
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part;
    });
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "https://localhost");
      const authorized = request.headers.authorization === `Bearer ${settings.token}`;
      answer(request.method ?? "GET", url, authorized, body)
        .catch((error: Error): Answer => ({ status: 500, body: { error: error.message } }))
        .then(({ status, body: out }) => {
          period.requests += 1;
          total.requests += 1;
          if (status >= 500) {
            period.errors += 1;
            total.errors += 1;
          }
          period.latencies.push(performance.now() - begun);
          const text = typeof out === "string" ? out : JSON.stringify(out);
          response.writeHead(status, {
            "content-type": typeof out === "string" ? "text/plain" : "application/json",
          });
          response.end(text);
        });
    });
  });
  server.keepAliveTimeout = 30_000;
  server.listen(settings.port, settings.address, () => process.send?.({ type: "listening" }));

  async function report(): Promise<void> {
    const { requests, errors, latencies } = period;
    // Without requests there is no rate: nothing is reported, and the alarm's missing-data rule decides.
    if (requests === 0) return;
    Object.assign(period, { requests: 0, errors: 0, latencies: [] });
    const errorRate = (100 * errors) / requests;
    process.send?.({ type: "figures", errorRate, requests });
    const Timestamp = new Date(now());
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "LlmResearch",
        MetricData: [
          { MetricName: "ErrorRate", Unit: "Percent", Value: errorRate, Timestamp },
          { MetricName: "Requests", Unit: "Count", Value: requests, Timestamp },
          { MetricName: "Latency", Unit: "Milliseconds", Values: latencies.slice(0, 150), Timestamp },
        ],
      }),
    );
  }
  setInterval(
    () => report().catch((error: Error) => console.error(`metrics were not reported: ${error.message}`)),
    (REPORT_SECONDS * 1000) / settings.clock.speed,
  );
}

process.on("disconnect", () => process.exit(0));
process.once("message", (settings: AppSettings) => serve(settings));
