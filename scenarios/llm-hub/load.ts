import { Agent, request } from "node:https";
import { FLAG, USERS } from "./data.ts";

/** Where the load goes. */
export interface LoadTarget {
  address: string;
  port: number;
  host: string;
  caPem: string;
}

const PAGES = ["provider-keys", "model-catalog", "routing", "analytics"].map((page) => `/admin/llm-${page}`);
/** Requests a second, machine time; every fifth saves a key. */
const PER_SECOND = 40;
/** Machine milliseconds between two looks at the flag as users get it. */
const LOOK = 50;
/** Newest answers that the live figures are about. */
const NEWEST = 60;

/** People who open pages and save keys at a steady rate (open loop: a slow answer does not slow the next one down). */
export class Load {
  /** Hints of keys whose saving was acknowledged. */
  readonly saved: string[] = [];
  /** Moments at which the flag that users get changed, machine time. */
  readonly flagSeen: { at: number; enabled: boolean }[] = [];
  readonly #target: LoadTarget;
  readonly #agent: Agent;
  readonly #seed: number;
  readonly #share: number;
  readonly #newest: { at: number; wrong: boolean }[] = [];
  #timers: NodeJS.Timeout[] = [];
  #sent = 0;
  #inFlight = 0;

  /** `share`: of the usual requests a second. */
  constructor(target: LoadTarget, seed: number, share = 1) {
    this.#target = target;
    this.#seed = seed;
    this.#share = share;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 32, ca: target.caPem, servername: target.host });
  }

  start(): void {
    this.#timers = [
      setInterval(() => this.#act(), 1000 / (PER_SECOND * this.#share)),
      setInterval(() => this.#look(), LOOK),
    ];
  }

  /** Stops sending and waits for the answers under way. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    const end = Date.now() + 3000;
    while (this.#inFlight > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#agent.destroy();
  }

  /** Share of wrong answers and requests a second, of the newest answers. */
  figures(): { errorRate: number | undefined; requestsPerSecond: number } {
    if (this.#newest.length < 2) return { errorRate: undefined, requestsPerSecond: 0 };
    const seconds = (this.#newest.at(-1)!.at - this.#newest[0]!.at) / 1000;
    return {
      errorRate: (100 * this.#newest.filter(({ wrong }) => wrong).length) / this.#newest.length,
      requestsPerSecond: this.#newest.length / Math.max(seconds, 0.001),
    };
  }

  #act(): void {
    this.#sent += 1;
    const number = this.#sent;
    const hint = `live-${this.#seed}-${number}`;
    const asked =
      number % 5 === 0
        ? this.#request("POST", PAGES[0]!, { user: 1 + (number % USERS), provider: "provider-1", hint })
        : this.#request("GET", PAGES[number % PAGES.length]!);
    asked.then(
      ({ status }) => {
        if (status === 201) this.saved.push(hint);
        this.#note(status >= 500);
      },
      () => this.#note(true),
    );
  }

  #note(wrong: boolean): void {
    this.#newest.push({ at: Date.now(), wrong });
    if (this.#newest.length > NEWEST) this.#newest.shift();
  }

  #look(): void {
    this.#request("GET", `/api/v1/features/${FLAG}`).then(
      ({ status, body }) => {
        if (status !== 200) return;
        const { enabled } = JSON.parse(body) as { enabled: boolean };
        this.flagSeen.push({ at: Date.now(), enabled });
      },
      () => undefined, // no answer says nothing about the flag
    );
  }

  #request(method: string, path: string, body?: unknown): Promise<{ status: number; body: string }> {
    this.#inFlight += 1;
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: this.#target.address,
          port: this.#target.port,
          path,
          method,
          timeout: 8000,
          headers: { host: this.#target.host },
        },
        (answer) => {
          let text = "";
          answer.on("data", (part: Buffer) => {
            text += part;
          });
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: text }));
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
