import { ServiceClient, type ServiceTarget } from "../service-client.ts";
import { FLAG, USERS } from "./data.ts";

const PAGES = ["provider-keys", "model-catalog", "routing", "analytics"].map((page) => `/admin/llm-${page}`);
/** Requests a second, machine time; every fifth saves a key. */
const PER_SECOND = 40;
/** Machine milliseconds between two looks at the flag as users get it. */
const LOOK = 50;
/** Newest answers that the live figures are about. */
const NEWEST = 60;
const LONGEST_MILLISECONDS = 8_000;

/** People who open pages and save keys at a steady rate (open loop: a slow answer does not slow the next one down). */
export class Load {
  /** Hints of keys whose saving was acknowledged. */
  readonly saved: string[] = [];
  /** Moments at which the flag that users get changed, machine time. */
  readonly flagSeen: { at: number; enabled: boolean }[] = [];
  readonly #client: ServiceClient;
  readonly #seed: number;
  readonly #share: number;
  readonly #newest: { at: number; wrong: boolean }[] = [];
  #timers: NodeJS.Timeout[] = [];
  #sent = 0;

  /** `share`: of the usual requests a second. */
  constructor(target: ServiceTarget, seed: number, share = 1) {
    this.#seed = seed;
    this.#share = share;
    this.#client = new ServiceClient(target, LONGEST_MILLISECONDS);
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
    await this.#client.stop();
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
        ? this.#client.request("POST", PAGES[0]!, {
            user: 1 + (number % USERS),
            provider: "provider-1",
            hint,
          })
        : this.#client.request("GET", PAGES[number % PAGES.length]!);
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
    this.#client.request("GET", `/api/v1/features/${FLAG}`).then(
      ({ status, body }) => {
        if (status !== 200) return;
        const { enabled } = JSON.parse(body) as { enabled: boolean };
        this.flagSeen.push({ at: Date.now(), enabled });
      },
      () => undefined, // no answer says nothing about the flag
    );
  }
}
