import { Agent, request } from "node:https";
import { ACTIVE, PROMPTS } from "./data.ts";

export interface LoadTarget {
  address: string;
  port: number;
  host: string;
  caPem: string;
  token: string;
}

/** Requests a second, machine time: one cycle of prompts. */
const PER_SECOND = PROMPTS.length;

/** People who ask at a steady rate (open loop: a slow answer does not slow the next request down). */
export class Load {
  /** By user: requests that were answered, each of which counts. */
  readonly answered = new Map<number, number>();
  /** By user: requests whose fate is unknown. */
  readonly unknown = new Map<number, number>();
  readonly #target: LoadTarget;
  readonly #agent: Agent;
  readonly #share: number;
  #timer: NodeJS.Timeout | undefined;
  #sent: number;
  #inFlight = 0;

  /** `seed`: where in the cycle it begins; `share`: of the usual requests a second. */
  constructor(target: LoadTarget, seed: number, share = 1) {
    this.#target = target;
    this.#share = share;
    this.#sent = seed * 7;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 32, ca: target.caPem, servername: target.host });
  }

  start(): void {
    this.#timer = setInterval(() => this.#ask(), 1000 / (PER_SECOND * this.#share));
  }

  /** Stops asking and waits for the answers under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const end = Date.now() + 10_000;
    while (this.#inFlight > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#agent.destroy();
  }

  #ask(): void {
    this.#sent += 1;
    const user = 1 + ((this.#sent * 37) % ACTIVE);
    const count = (of: Map<number, number>) => of.set(user, (of.get(user) ?? 0) + 1);
    this.#inFlight += 1;
    this.#request({ user, ...PROMPTS[this.#sent % PROMPTS.length]! })
      .then(
        (status) => status === 200 && count(this.answered),
        () => count(this.unknown),
      )
      .finally(() => {
        this.#inFlight -= 1;
      });
  }

  #request(body: object): Promise<number> {
    const { address, port, host, token } = this.#target;
    return new Promise((resolve, reject) => {
      const headers = { host, authorization: `Bearer ${token}`, "content-type": "application/json" };
      const path = "/chat";
      const options = {
        agent: this.#agent,
        host: address,
        port,
        path,
        method: "POST",
        timeout: 20_000,
        headers,
      };
      const sent = request(options, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", reject);
      });
      sent.on("timeout", () => sent.destroy(new Error("no answer in 20 s")));
      sent.on("error", reject);
      sent.end(JSON.stringify(body));
    });
  }
}
