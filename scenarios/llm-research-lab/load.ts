import { ServiceClient, type ServiceTarget } from "../service-client.ts";
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

/** Requests a second, machine time. */
const READS_PER_SECOND = 45;
const WRITES_PER_SECOND = 15;
const LONGEST_MILLISECONDS = 8_000;

/** Readers and writers at a steady rate (open loop: a slow answer does not slow the next request down). */
export class Load {
  readonly acknowledged: Acknowledged[] = [];
  readonly #client: ServiceClient;
  readonly #seed: number;
  #timers: NodeJS.Timeout[] = [];
  #sent = 0;
  #writes = 0;

  readonly #share: number;

  /** `share`: of the usual requests a second. */
  constructor(target: ServiceTarget, seed: number, share = 1) {
    this.#share = share;
    this.#seed = seed;
    this.#client = new ServiceClient(target, LONGEST_MILLISECONDS);
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
    await this.#client.stop();
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
    this.#client.request("GET", paths[this.#sent % paths.length]!).catch(() => undefined);
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
    this.#client.request("POST", "/experiments", body).then(
      ({ status }) => {
        if (status === 201) this.acknowledged.push({ ...body, sentAt, acknowledgedAt: Date.now() });
      },
      () => undefined, // not acknowledged: nothing was promised
    );
  }
}
