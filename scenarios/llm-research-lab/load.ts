import { Agent, request } from "node:https";
import { ROWS } from "./data.ts";

/** One write that the service acknowledged: it must survive if it came before the restore point. */
export interface Acknowledged {
  name: string;
  model: number;
  metrics: { accuracy: number; digest: string };
  /** Machine time, epoch milliseconds: before the request left, and after the answer came. */
  sentAt: number;
  acknowledgedAt: number;
}

/** Where the load goes. */
export interface LoadTarget {
  address: string;
  port: number;
  host: string;
  caPem: string;
  token: string;
}

/** Requests a second, machine time. */
const READS_PER_SECOND = 45;
const WRITES_PER_SECOND = 15;

/** Readers and writers at a steady rate (open loop: a slow answer does not slow the next request down). */
export class Load {
  readonly acknowledged: Acknowledged[] = [];
  readonly #target: LoadTarget;
  readonly #agent: Agent;
  readonly #seed: number;
  #timers: NodeJS.Timeout[] = [];
  #sent = 0;
  #writes = 0;
  #inFlight = 0;

  readonly #share: number;

  /** `share`: of the usual requests a second. */
  constructor(target: LoadTarget, seed: number, share = 1) {
    this.#share = share;
    this.#target = target;
    this.#seed = seed;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 32, ca: target.caPem, servername: target.host });
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#read(), 1000 / (READS_PER_SECOND * this.#share)),
      setInterval(() => this.#write(), 1000 / (WRITES_PER_SECOND * this.#share)),
    ];
  }

  /** Stops sending and waits for the answers under way. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const end = Date.now() + 3000;
    while (this.#inFlight > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#agent.destroy();
  }

  #read(): void {
    this.#sent += 1;
    const paths = [
      "/models",
      "/models/providers",
      `/experiments?from=${1 + ((this.#sent * 7919) % (ROWS.experiments - 10))}`,
      `/experiments?from=${1 + ((this.#sent * 104_729) % (ROWS.experiments - 10))}`,
      `/datasets?from=${1 + (this.#sent % 1000)}`,
      `/prompts?from=${1 + ((this.#sent * 31) % (ROWS.prompts - 10))}`,
    ];
    // A failed read is what the service's own metrics count; here it only must not stop the load.
    this.#request("GET", paths[this.#sent % paths.length]!).catch(() => undefined);
  }

  #write(): void {
    this.#writes += 1;
    const number = this.#writes;
    const body = {
      name: `live-${this.#seed}-${number}`,
      model: 1 + (number % ROWS.models),
      metrics: { accuracy: (number % 100) / 100, digest: `d${this.#seed}-${number}` },
    };
    const sentAt = Date.now();
    this.#request("POST", "/experiments", body).then(
      (status) => {
        if (status === 201) this.acknowledged.push({ ...body, sentAt, acknowledgedAt: Date.now() });
      },
      () => undefined, // not acknowledged: nothing was promised
    );
  }

  #request(method: string, path: string, body?: unknown): Promise<number> {
    this.#inFlight += 1;
    return new Promise<number>((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: this.#target.address,
          port: this.#target.port,
          path,
          method,
          timeout: 8000,
          headers: {
            host: this.#target.host,
            authorization: `Bearer ${this.#target.token}`,
            ...(body ? { "content-type": "application/json" } : {}),
          },
        },
        (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
          answer.on("error", reject);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("no answer in 8 s")));
      sent.on("error", reject);
      sent.end(body ? JSON.stringify(body) : undefined);
    }).finally(() => {
      this.#inFlight -= 1;
    });
  }
}
