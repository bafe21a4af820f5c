import { Agent, request } from "node:https";
import { WORKFLOWS } from "./data.ts";

/** One workflow that the service acknowledged: it must survive if it came before the restore point. */
export interface Acknowledged {
  name: string;
  digest: string;
  /** Machine time, epoch milliseconds: before the request left, and after the answer came. */
  sentAt: number;
  acknowledgedAt: number;
}

export interface LoadTarget {
  address: string;
  port: number;
  host: string;
  caPem: string;
  token: string;
}

/** What was seen since it was last asked for, as an ingress would count it. */
export interface Period {
  requests: number;
  errors: number;
  latencies: number[];
}

const READS_PER_SECOND = 30;
const WRITES_PER_SECOND = 10;
const LONGEST_MILLISECONDS = 4_000;

/** Readers and writers at a steady rate, and what they got: a connection that is refused is an error too. */
export class Load {
  readonly acknowledged: Acknowledged[] = [];
  readonly #target: LoadTarget;
  readonly #agent: Agent;
  readonly #seed: number;
  readonly #share: number;
  #timers: NodeJS.Timeout[] = [];
  #period: Period = { requests: 0, errors: 0, latencies: [] };
  #sent = 0;
  #inFlight = 0;

  constructor(target: LoadTarget, seed: number, share: number) {
    this.#target = target;
    this.#seed = seed;
    this.#share = share;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 16, ca: target.caPem, servername: target.host });
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#read(), 1000 / (READS_PER_SECOND * this.#share)),
      setInterval(() => this.#write(), 1000 / (WRITES_PER_SECOND * this.#share)),
    ];
  }

  /** What was counted since the last call. */
  take(): Period {
    const period = this.#period;
    this.#period = { requests: 0, errors: 0, latencies: [] };
    return period;
  }

  /** Stops sending and waits for the answers under way. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const end = Date.now() + LONGEST_MILLISECONDS;
    while (this.#inFlight > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#agent.destroy();
  }

  #read(): void {
    this.#sent += 1;
    const from = 1 + ((this.#sent * 7919) % (WORKFLOWS - 10));
    void this.#request("GET", `/api/v1/workflows?from=${from}`);
  }

  #write(): void {
    this.#sent += 1;
    const name = `live-${this.#seed}-${this.#sent}`;
    const digest = `d-${this.#seed}-${this.#sent}`;
    const sentAt = Date.now();
    void this.#request("POST", "/api/v1/workflows", { name, steps: [{ type: "llm_call", digest }] }).then(
      (status) => {
        if (status === 201) this.acknowledged.push({ name, digest, sentAt, acknowledgedAt: Date.now() });
      },
    );
  }

  /** The answer's status; 0 when there was none. */
  async #request(method: string, path: string, body?: object): Promise<number> {
    this.#inFlight += 1;
    const begun = performance.now();
    const status = await this.#answer(method, path, body);
    this.#inFlight -= 1;
    this.#period.requests += 1;
    if (status === 0 || status >= 500) this.#period.errors += 1;
    this.#period.latencies.push(performance.now() - begun);
    return status;
  }

  #answer(method: string, path: string, body?: object): Promise<number> {
    const { address, port, host, token } = this.#target;
    return new Promise((resolve) => {
      const sent = request(
        {
          agent: this.#agent,
          host: address,
          port,
          path,
          method,
          timeout: LONGEST_MILLISECONDS,
          headers: { host, authorization: `Bearer ${token}`, "content-type": "application/json" },
        },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
          answer.on("error", () => resolve(0));
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
      sent.on("error", () => resolve(0));
      sent.end(body ? JSON.stringify(body) : undefined);
    });
  }
}
