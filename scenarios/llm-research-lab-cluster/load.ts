import { ServiceClient, type ServiceTarget } from "../service-client.ts";

/** One workload as its users reach it. */
export interface Target extends ServiceTarget {
  workload: string;
}

/** One answer: which version gave it, and when it was sent; machine time, epoch milliseconds. */
export interface Answered {
  workload: string;
  /** 0: no answer at all. */
  status: number;
  version: string;
  sentAt: number;
  milliseconds: number;
}

const REQUESTS_PER_SECOND = 15;
const LONGEST_MILLISECONDS = 8_000;

export const isError = ({ status }: Answered): boolean => status === 0 || status >= 500;

/** Readers of every workload at a steady rate, and what they got. */
export class Load {
  readonly answered: Answered[] = [];
  readonly #share: number;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #clients: ServiceClient[] = [];
  #taken = 0;

  constructor(share: number) {
    this.#share = share;
  }

  add(target: Target): void {
    // Users come and go, each with a connection: one that is kept stays with its pod wherever the service points.
    const client = new ServiceClient(target, LONGEST_MILLISECONDS, false);
    this.#clients.push(client);
    this.#timers.push(
      setInterval(
        () => void this.#request(target.workload, client),
        1000 / (REQUESTS_PER_SECOND * this.#share),
      ),
    );
  }

  /** What was answered since the last call. */
  take(): Answered[] {
    const found = this.answered.slice(this.#taken);
    this.#taken = this.answered.length;
    return found;
  }

  /** Stops sending and waits for the answers under way. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#clients.map((client) => client.stop()));
  }

  async #request(workload: string, client: ServiceClient): Promise<void> {
    const sentAt = Date.now();
    const begun = performance.now();
    const got = await client.request("GET", "/models/next").then(
      ({ status, headers }) => ({ status, version: String(headers["x-version"] ?? "") }),
      () => ({ status: 0, version: "" }),
    );
    this.answered.push({ workload, ...got, sentAt, milliseconds: performance.now() - begun });
  }
}
