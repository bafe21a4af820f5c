import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { machineClock } from "../sandbox/clock.ts";
import { issueCredentials } from "../sandbox/front/credentials.ts";
import { installIam } from "../sandbox/front/iam/index.ts";
import { openFrontDoor } from "../sandbox/front/server.ts";
import { iam } from "../sandbox/services/iam/index.ts";
import { sqs } from "../sandbox/services/sqs/index.ts";
import { World } from "../sandbox/world.ts";
import { type BenchResult, median } from "./result.ts";

const BAR = 2;
const WARM_UP = 300;
const CALLS = 600;

/** As many statements as a watchdog's own roles have, so that IAM has something to look through. */
function policy(...actions: string[]): string {
  const others = Array.from({ length: 20 }, (_, index) => ({
    Effect: "Allow",
    Action: [`rds:Describe${index}`, `secretsmanager:Get${index}`],
    Resource: [`arn:aws:rds:us-east-1:123456789012:db:db-${index}-*`],
    Condition: { StringEquals: { "aws:ResourceTag/plan": "lab" } },
  }));
  const denied = {
    Effect: "Deny",
    Action: ["rds:Delete*", "s3:Delete*", "secretsmanager:Delete*"],
    Resource: "*",
  };
  return JSON.stringify({
    Statement: [...others, denied, { Effect: "Allow", Action: actions, Resource: "*" }],
  });
}

/**
 * A bare HTTP server that answers what `target` answered to the first request. The Host header is passed on as it
 * came, so the signature stays good.
 */
async function echoServer(target: string): Promise<{ endpoint: string; close(): void }> {
  let recorded: { status: number; headers: Record<string, string>; body: Buffer } | undefined;
  const server = createServer(async (message, response) => {
    const body = await readAll(message);
    recorded ??= await forward(target, message, body);
    response.writeHead(recorded.status, recorded.headers);
    response.end(recorded.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function forward(target: string, message: IncomingMessage, body: Buffer) {
  return new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
    const sent = httpRequest(
      target + message.url,
      { method: message.method, headers: message.headers },
      async (answer) => {
        const {
          connection: _,
          "keep-alive": __,
          date: ___,
          ...headers
        } = answer.headers as Record<string, string>;
        resolve({ status: answer.statusCode ?? 0, headers, body: await readAll(answer) });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Milliseconds of each call, ours and theirs in turn, so that both see the same machine. */
async function interleaved(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let index = 0; index < WARM_UP + CALLS; index++) {
    for (const [at, call] of [ours, theirs].entries()) {
      const start = performance.now();
      await call();
      if (index >= WARM_UP) times[at]!.push(performance.now() - start);
    }
  }
  return times;
}

/**
 * An SDK call of a role through the front door (signature, decoding, IAM, operation, encoding) against the same
 * call to a bare HTTP server that returns the same bytes.
 */
export async function frontDoorBench(): Promise<BenchResult[]> {
  const root = mkdtempSync(join(tmpdir(), "front-door-bench-"));
  const world = new World({ root, clock: machineClock(60) });
  const door = await openFrontDoor(world);
  world.endpoint = door.endpoint;
  installIam(world);
  for (const service of [iam, sqs]) await world.register(service);
  const admin = { type: "admin" } as const;
  const call = <Output>(service: string, operation: string, input: object) =>
    world.call<Output>({ service, operation, input, principal: admin });
  const trust = JSON.stringify({
    Statement: { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  });
  await call("iam", "CreateRole", { RoleName: "bench", AssumeRolePolicyDocument: trust });
  const PolicyDocument = policy("iam:GetRole", "sqs:GetQueueAttributes");
  await call("iam", "PutRolePolicy", { RoleName: "bench", PolicyName: "bench", PolicyDocument });
  const { QueueUrl } = await call<{ QueueUrl: string }>("sqs", "CreateQueue", { QueueName: "bench" });
  const credentials = issueCredentials(world, {
    type: "role",
    roleArn: `arn:aws:iam::${world.account}:role/bench`,
    sessionName: "bench",
  });
  const echoes: { close(): void }[] = [];
  const results: BenchResult[] = [];
  try {
    const cases: { name: string; send(endpoint: string): () => Promise<unknown> }[] = [
      {
        name: "front door ÷ HTTP echo, query/XML (iam GetRole)",
        send(endpoint) {
          const client = new IAMClient({ region: world.region, credentials, endpoint });
          return () => client.send(new GetRoleCommand({ RoleName: "bench" }));
        },
      },
      {
        name: "front door ÷ HTTP echo, JSON (sqs attributes)",
        send(endpoint) {
          const client = new SQSClient({
            region: world.region,
            credentials,
            endpoint,
            useQueueUrlAsEndpoint: false,
          });
          return () => client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
        },
      },
    ];
    for (const { name, send } of cases) {
      const echo = await echoServer(door.endpoint);
      echoes.push(echo);
      const [ours, theirs] = await interleaved(send(door.endpoint), send(echo.endpoint));
      const [a, b] = [median(ours), median(theirs)];
      results.push({
        name,
        a,
        b,
        ratio: a / b,
        bar: BAR,
        holds: a / b <= BAR,
        unit: "ms",
        note: `${CALLS} calls each`,
      });
    }
  } finally {
    for (const echo of echoes) echo.close();
    await door.close();
    await world.stop();
    rmSync(root, { recursive: true, force: true });
  }
  return results;
}
