import { ServiceClient, type ServiceTarget } from "../service-client.ts";
import { ACTIVE, PROMPTS } from "./data.ts";

/** Requests a second, machine time: one cycle of prompts. */
const PER_SECOND = PROMPTS.length;
const LONGEST_MILLISECONDS = 20_000;

/** People who ask at a steady rate (open loop: a slow answer does not slow the next request down). */
export class Load {
  /** By user: requests that were answered, each of which counts. */
  readonly answered = new Map<number, number>();
  /** By user: requests whose fate is unknown. */
  readonly unknown = new Map<number, number>();
  readonly #client: ServiceClient;
  readonly #share: number;
  #timer: NodeJS.Timeout | undefined;
  #sent: number;

  /** `seed`: where in the cycle it begins; `share`: of the usual requests a second. */
  constructor(target: ServiceTarget, seed: number, share = 1) {
    this.#share = share;
    this.#sent = seed * 7;
    this.#client = new ServiceClient(target, LONGEST_MILLISECONDS);
  }

  start(): void {
    this.#timer = setInterval(() => this.#ask(), 1000 / (PER_SECOND * this.#share));
  }

  /** Stops asking and waits for the answers under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#client.stop();
  }

  #ask(): void {
    this.#sent += 1;
    const user = 1 + ((this.#sent * 37) % ACTIVE);
    const count = (of: Map<number, number>) => of.set(user, (of.get(user) ?? 0) + 1);
    this.#client.request("POST", "/chat", { user, ...PROMPTS[this.#sent % PROMPTS.length]! }).then(
      ({ status }) => status === 200 && count(this.answered),
      () => count(this.unknown),
    );
  }
}
