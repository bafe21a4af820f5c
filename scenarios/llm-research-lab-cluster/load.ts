import { Agent, request } from "node:https";

/** One workload as its users reach it. */
export interface Target {
  workload: string;
  address: string;
  port: number;
  host: string;
  caPem: string;
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
const LONGEST_MILLISECONDS = 4_000;

export const isError = ({ status }: Answered): boolean => status === 0 || status >= 500;

/** Readers of every workload at a steady rate, and what they got. */
export class Load {
  readonly answered: Answered[] = [];
  readonly #share: number;
  readonly #stops: (() => void)[] = [];
  #inFlight = 0;
  #taken = 0;

  constructor(share: number) {
    this.#share = share;
  }

  add(target: Target): void {
    const { caPem: ca, host: servername } = target;
    // Users come and go, each with a connection: one that is kept stays with its pod wherever the service points.
    const agent = new Agent({ keepAlive: false, maxSockets: 32, ca, servername });
    const timer = setInterval(
      () => void this.#request(target, agent),
      1000 / (REQUESTS_PER_SECOND * this.#share),
    );
    this.#stops.push(() => {
      clearInterval(timer);
      agent.destroy();
    });
  }

  /** What was answered since the last call. */
  take(): Answered[] {
    const found = this.answered.slice(this.#taken);
    this.#taken = this.answered.length;
    return found;
  }

  /** Stops sending and waits for the answers under way. */
  async stop(): Promise<void> {
    const end = Date.now() + LONGEST_MILLISECONDS;
    for (const stop of this.#stops) stop();
    while (this.#inFlight > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async #request(target: Target, agent: Agent): Promise<void> {
    this.#inFlight += 1;
    const sentAt = Date.now();
    const begun = performance.now();
    const got = await answerOf(target, agent);
    this.#inFlight -= 1;
    this.answered.push({
      workload: target.workload,
      ...got,
      sentAt,
      milliseconds: performance.now() - begun,
    });
  }
}

function answerOf(
  { address, port, host }: Target,
  agent: Agent,
): Promise<{ status: number; version: string }> {
  return new Promise((resolve) => {
    const none = () => resolve({ status: 0, version: "" });
    const sent = request(
      { agent, host: address, port, path: "/models/next", timeout: LONGEST_MILLISECONDS, headers: { host } },
      (answer) => {
        answer.resume();
        answer.on("error", none);
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, version: String(answer.headers["x-version"] ?? "") }),
        );
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer in time")));
    sent.on("error", none);
    sent.end();
  });
}
