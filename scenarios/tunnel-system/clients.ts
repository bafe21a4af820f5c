import { request } from "node:https";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { WebSocket } from "ws";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** Where the clients find the service. */
export interface ClientTarget {
  address: string;
  name: string;
  caPem: string;
  token: string;
}

/** Seconds of the sandbox's time between two reports of what the clients met. */
const REPORT_SECONDS = 20;
/** A second of the machine's time, at full load. */
const REQUESTS_PER_SECOND = 20;
const SOCKETS_PER_SECOND = 5;
const PATIENCE_MILLISECONDS = 5_000;
const PORT = 20_443;
/** 95 of 100 requests on a usual day; far above what this machine needs, so that a busy one rings no alarm. */
const USUAL_MILLISECONDS = 400;

/** One HTTPS request as a client makes it: a connection of its own, so that a certificate is seen when it changes. */
export function ask(
  { address, name, caPem, token }: ClientTarget,
  path: string,
): Promise<{ status: number; body: string; certificate: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: address, port: PORT, path, servername: name, ca: caPem, agent: false },
        timeout: PATIENCE_MILLISECONDS,
        headers: { host: name, authorization: `Bearer ${token}` },
      },
      (answer) => {
        const { raw } = (answer.socket as import("node:tls").TLSSocket).getPeerCertificate();
        let body = "";
        answer.on("data", (part: Buffer) => {
          body += part;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body, certificate: raw }));
        answer.on("error", reject);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", reject);
    sent.end();
  });
}

/** Desktop clients and browsers: they ask, open bridges, and report to CloudWatch what they met. */
export class Clients {
  /** Percent of the last period's requests; undefined before the first. */
  errorRate: number | undefined;
  connectionFailures: number | undefined;
  requestsPerSecond = 0;
  /** Messages pushed to a client that stays connected. */
  readonly pushed: string[] = [];
  readonly #target: ClientTarget;
  readonly #cloudwatch: CloudWatchClient;
  readonly #now: () => number;
  readonly #speed: number;
  readonly #share: number;
  #period = { requests: 0, errors: 0, sockets: 0, failures: 0, latencies: [] as number[] };
  #timers: NodeJS.Timeout[] = [];
  #open = new Set<WebSocket>();
  #resident: WebSocket | undefined;

  constructor(sandbox: Sandbox, target: ClientTarget, share: number) {
    this.#target = target;
    this.#cloudwatch = new CloudWatchClient(sandbox.clientConfig());
    this.#now = () => sandbox.world.clock.now();
    this.#speed = sandbox.world.clock.speed;
    this.#share = share;
  }

  start(): void {
    let turn = 0;
    const paths = ["/api/health", "/api/user/profile", "/api/bridge/health"];
    this.#timers = [
      setInterval(
        () => void this.#request(paths[turn++ % paths.length]!),
        1000 / (REQUESTS_PER_SECOND * this.#share),
      ),
      setInterval(() => this.#bridge(), 1000 / (SOCKETS_PER_SECOND * this.#share)),
      setInterval(() => void this.#report(), (REPORT_SECONDS * 1000) / this.#speed),
      setInterval(() => this.#stay(), 500),
    ];
  }

  /** What clients met before this drill began: the plan compares latency with hours that are over. */
  async remember(hours: number): Promise<void> {
    const minutes = 5;
    await this.#cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "Tunnel",
        MetricData: Array.from({ length: (hours * 60) / minutes }, (_, back) => ({
          MetricName: "Latency",
          Unit: "Milliseconds",
          Value: USUAL_MILLISECONDS,
          Timestamp: new Date(this.#now() - (back + 1) * minutes * 60_000),
        })),
      }),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#open) socket.terminate();
  }

  async #request(path: string): Promise<void> {
    const begun = performance.now();
    const status = await ask(this.#target, path).then(
      (answer) => answer.status,
      () => 0, // no answer: what a client calls an error
    );
    this.#period.requests += 1;
    if (status !== 200) this.#period.errors += 1;
    else this.#period.latencies.push(performance.now() - begun);
  }

  #socket(): WebSocket {
    const { address, name, caPem } = this.#target;
    const socket = new WebSocket(`wss://${address}:${PORT}/ws/bridge`, {
      ...{ ca: caPem, servername: name, headers: { host: name } },
      handshakeTimeout: PATIENCE_MILLISECONDS,
    });
    this.#open.add(socket);
    socket.on("error", () => undefined); // its close event follows
    socket.on("close", () => this.#open.delete(socket));
    return socket;
  }

  /** A bridge that is opened, asked once, and closed. */
  #bridge(): void {
    const socket = this.#socket();
    let answered = false;
    socket.on("open", () => socket.send(JSON.stringify({ type: "ping", id: 7 })));
    socket.on("message", () => {
      answered = true;
      socket.close();
    });
    socket.on("close", () => {
      this.#period.sockets += 1;
      if (!answered) this.#period.failures += 1;
    });
  }

  /** One client stays connected, and comes back when it was cut off. */
  #stay(): void {
    if (this.#resident && this.#open.has(this.#resident)) return;
    this.#resident = this.#socket();
    this.#resident.on("message", (data) => this.pushed.push(data.toString()));
  }

  async #report(): Promise<void> {
    const { requests, errors, sockets, failures, latencies } = this.#period;
    // Without requests there is no rate: nothing is reported of it, and the alarm's missing-data rule decides.
    if (requests === 0 && sockets === 0) return;
    this.#period = { requests: 0, errors: 0, sockets: 0, failures: 0, latencies: [] };
    if (requests > 0) this.errorRate = (100 * errors) / requests;
    if (sockets > 0) this.connectionFailures = (100 * failures) / sockets;
    this.requestsPerSecond = requests / (REPORT_SECONDS / this.#speed);
    const Timestamp = new Date(this.#now());
    const datum = (MetricName: string, more: object) => ({ MetricName, Timestamp, ...more });
    await this.#cloudwatch
      .send(
        new PutMetricDataCommand({
          Namespace: "Tunnel",
          MetricData: [
            datum("Requests", { Unit: "Count", Value: requests }),
            ...(requests > 0 ? [datum("ErrorRate", { Unit: "Percent", Value: this.errorRate })] : []),
            ...(sockets > 0
              ? [datum("ConnectionFailures", { Unit: "Percent", Value: this.connectionFailures })]
              : []),
            ...(latencies.length > 0
              ? [datum("Latency", { Unit: "Milliseconds", Values: latencies.slice(0, 150) })]
              : []),
          ],
        }),
      )
      // The sandbox is stopping; a report that is lost otherwise shows as missing data.
      .catch(() => undefined);
  }
}
