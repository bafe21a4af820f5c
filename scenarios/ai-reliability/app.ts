/**
 * The AI chat: the service that is broken and repaired. A process of its own; it reads flags and settings from AppConfig
 * and Parameter Store as any service does, lets a Lambda function answer, and counts each user's requests in PostgreSQL.
 */
import { createServer } from "node:https";
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from "@aws-sdk/client-appconfigdata";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import pg from "pg";
import { CONFIG, FUNCTION, MINIMUM_LENGTH } from "./data.ts";

export interface AppSettings {
  address: string;
  port: number;
  certPem: string;
  keyPem: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  clock: { origin: number; speed: number };
  token: string;
  database: pg.PoolConfig;
}

/** Seconds of the sandbox's time. */
const REPORT_SECONDS = 20;
const POLL_SECONDS = 20;

interface Asked {
  user: number;
  model: string;
  kind: string;
}

async function serve(settings: AppSettings): Promise<void> {
  const now = () => settings.clock.origin + (Date.now() - settings.clock.origin) * settings.clock.speed;
  const machine = (seconds: number) => (seconds * 1000) / settings.clock.speed;
  const aws = { region: "us-east-1", endpoint: settings.endpoint, credentials: settings.credentials };
  const appconfig = new AppConfigDataClient(aws);
  const ssm = new SSMClient(aws);
  const lambda = new LambdaClient(aws);
  const cloudwatch = new CloudWatchClient(aws);
  const pool = new pg.Pool({ ...settings.database, max: 6 });
  pool.on("error", (error) => console.error(`a database connection ended: ${error.message}`));

  /** A profile's newest values, kept until the next poll. */
  async function profile(id: string) {
    const { InitialConfigurationToken } = await appconfig.send(
      new StartConfigurationSessionCommand({
        ApplicationIdentifier: CONFIG.application.id,
        EnvironmentIdentifier: CONFIG.environments[0]!.id,
        ConfigurationProfileIdentifier: id,
        RequiredMinimumPollIntervalInSeconds: POLL_SECONDS,
      }),
    );
    let token = InitialConfigurationToken;
    const kept = { values: {} as Record<string, unknown> };
    const poll = async () => {
      const answer = await appconfig.send(new GetLatestConfigurationCommand({ ConfigurationToken: token }));
      token = answer.NextPollConfigurationToken;
      if (answer.Configuration?.length)
        kept.values = JSON.parse(Buffer.from(answer.Configuration).toString());
    };
    await poll();
    return { kept, poll };
  }
  const [flags, values] = await Promise.all([profile("flags01"), profile("sets001")]);
  let minimumLength = 0;
  const readMinimum = async () => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: MINIMUM_LENGTH.name }));
    minimumLength = Number(Parameter!.Value);
  };
  await readMinimum();
  setInterval(() => {
    Promise.all([flags.poll(), values.poll(), readMinimum()]).catch((error: Error) =>
      console.error(`flags and settings stay as they were: ${error.message}`),
    );
  }, machine(POLL_SECONDS));

  const period = { requests: 0, errors: 0, latencies: [] as number[], models: new Map<string, number[]>() };

  async function chat(asked: Asked): Promise<object> {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: `${FUNCTION.name}:${FUNCTION.alias}`,
        Payload: JSON.stringify({
          ...asked,
          flags: flags.kept.values,
          settings: { ...values.kept.values, minimumLength },
        }),
      }),
    );
    const answer = JSON.parse(new TextDecoder().decode(Payload)) as { errorMessage?: string };
    if (FunctionError) throw new Error(answer.errorMessage);
    await pool.query(
      `UPDATE "User" SET "requestsToday" = (CAST("requestsToday" AS INTEGER) + 1)::text, "updatedAt" = now() WHERE id = $1`,
      [asked.user],
    );
    return answer;
  }

  const server = createServer({ cert: settings.certPem, key: settings.keyPem }, (request, response) => {
    const begun = performance.now();
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part;
    });
    const send = (status: number, value: object) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    request.on("end", () => {
      if (request.url === "/flags") return send(200, flags.kept.values);
      if (request.headers.authorization !== `Bearer ${settings.token}`) return send(401, { error: "token" });
      const asked = JSON.parse(body) as Asked;
      chat(asked)
        .then(
          (answer) => ({ status: 200, answer }),
          (error: Error) => ({ status: 500, answer: { error: error.message } }),
        )
        .then(({ status, answer }) => {
          period.requests += 1;
          if (status >= 500) period.errors += 1;
          period.latencies.push(performance.now() - begun);
          const ofModel = period.models.get(asked.model) ?? [];
          period.models.set(asked.model, [...ofModel, status >= 500 ? 100 : 0]);
          send(status, answer);
        });
    });
  });
  server.keepAliveTimeout = 30_000;
  server.listen(settings.port, settings.address, () => process.send?.({ type: "listening" }));

  async function report(): Promise<void> {
    const { requests, errors, latencies, models } = period;
    // Without requests there is no rate: nothing is reported, and the alarm's missing-data rule decides.
    if (requests === 0) return;
    Object.assign(period, { requests: 0, errors: 0, latencies: [], models: new Map() });
    process.send?.({ type: "figures", errorRate: (100 * errors) / requests, requests });
    const Timestamp = new Date(now());
    // A value for each request: periods with more of them weigh more.
    const rate = (Values: number[]) => ({
      MetricName: "ErrorRate",
      Unit: "Percent" as const,
      Values,
      Timestamp,
    });
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "AiReliability",
        MetricData: [
          rate([...models.values()].flat().slice(0, 150)),
          ...[...models].map(([Value, values]) => ({
            ...rate(values.slice(0, 150)),
            Dimensions: [{ Name: "Model", Value }],
          })),
          { MetricName: "Latency", Unit: "Milliseconds", Values: latencies.slice(0, 150), Timestamp },
        ],
      }),
    );
  }
  setInterval(
    () => report().catch((error: Error) => console.error(`metrics were not reported: ${error.message}`)),
    machine(REPORT_SECONDS),
  );
}

process.on("disconnect", () => process.exit(0));
process.once("message", (settings: AppSettings) => {
  serve(settings).catch((error: Error) => {
    console.error(`the service did not start: ${error.message}`);
    process.exit(1);
  });
});
