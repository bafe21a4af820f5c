import { ServiceClient, type ServiceTarget } from "../service-client.ts";
import { WORKFLOWS } from "./data.ts";

/** One workflow that the service acknowledged: it must survive if it came before the restore point. */
export interface Acknowledged {
  name: string;
  digest: string;
  /** Machine time, epoch milliseconds: before the request left, and after the answer came. */
  sentAt: number;
  acknowledgedAt: number;
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
  readonly #client: ServiceClient;
  readonly #seed: number;
  readonly #share: number;
  #timers: NodeJS.Timeout[] = [];
  #period: Period = { requests: 0, errors: 0, latencies: [] };
  #sent = 0;

  constructor(target: ServiceTarget, seed: number, share: number) {
    this.#seed = seed;
    this.#share = share;
    this.#client = new ServiceClient(target, LONGEST_MILLISECONDS);
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
    await this.#client.stop();
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
    const begun = performance.now();
    const status = await this.#client.request(method, path, body).then(
      (answer) => answer.status,
      () => 0,
    );
    this.#period.requests += 1;
    if (status === 0 || status >= 500) this.#period.errors += 1;
    this.#period.latencies.push(performance.now() - begun);
    return status;
  }
}
