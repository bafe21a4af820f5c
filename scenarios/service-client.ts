import { Agent, request } from "node:https";

/** Where a scenario's service answers. */
export interface ServiceTarget {
  address: string;
  port: number;
  /** The name that users call it by, and that its certificate must have. */
  host: string;
  caPem: string;
  /** Sent as a bearer token. */
  token?: string;
}

/** An answer, read to its end. */
export interface ServiceAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A user's client of a scenario's service, which knows what is still under way. */
export class ServiceClient {
  readonly #target: ServiceTarget;
  readonly #agent: Agent;
  readonly #longest: number;
  readonly #underWay = new Set<Promise<unknown>>();

  /**
   * `longest`: machine milliseconds without a sign of the service after which a request is given up. `keepAlive`: whether
   * connections are used again; one that is stays with its process wherever the service's name points by then.
   */
  constructor(target: ServiceTarget, longest: number, keepAlive = true) {
    this.#target = target;
    this.#longest = longest;
    this.#agent = new Agent({ keepAlive, maxSockets: 32, ca: target.caPem, servername: target.host });
  }

  /** Sends a request, `body` as JSON. Rejects when there is no answer. */
  request(method: string, path: string, body?: unknown): Promise<ServiceAnswer> {
    const answer = this.#answer(method, path, body);
    const ended = () => this.#underWay.delete(answer);
    this.#underWay.add(answer);
    answer.then(ended, ended);
    return answer;
  }

  /** Waits for the answers under way and closes its connections; what it is asked afterwards has no answer. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    this.#agent.destroy();
  }

  #answer(method: string, path: string, body: unknown): Promise<ServiceAnswer> {
    const { address, port, host, token } = this.#target;
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: address,
          port,
          path,
          method,
          timeout: this.#longest,
          headers: {
            host,
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
          },
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8");
          answer.on("data", (part: string) => {
            text += part;
          });
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
          );
          answer.on("error", reject);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`no answer in ${this.#longest} ms`)));
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
