import { Resolver } from "node:dns/promises";
import pg from "pg";

/** Where the database is found and with which login; read anew for each connection. */
export interface DatabaseTarget {
  /** The name the service knows; resolved for every new connection, so a DNS change is followed by itself. */
  name: string;
  dns: { host: string; port: number };
  caPem: string;
  login(): Promise<{ username: string; password: string; port: number; database: string }>;
}

/**
 * A small pool that finds its database by name for every connection it opens and drops a connection at its
 * first error. This is what a service needs to survive a cutover without a restart.
 */
export class DatabasePool {
  readonly #target: DatabaseTarget;
  readonly #size: number;
  readonly #idle: pg.Client[] = [];
  readonly #resolver: Resolver;
  #open = 0;
  #waiting: (() => void)[] = [];

  constructor(target: DatabaseTarget, size: number) {
    this.#target = target;
    this.#size = size;
    this.#resolver = new Resolver({ timeout: 500, tries: 2 });
    this.#resolver.setServers([`${target.dns.host}:${target.dns.port}`]);
  }

  /** Runs one query; throws what PostgreSQL or the network says. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = await this.#take();
    try {
      const result = await client.query<Row>(text, values);
      this.#give(client);
      return result.rows;
    } catch (error) {
      this.#drop(client);
      throw error;
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((client) => client.end()));
  }

  async #take(): Promise<pg.Client> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle) return idle;
      if (this.#open < this.#size) break;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#open += 1;
    try {
      return await this.#connect();
    } catch (error) {
      this.#open -= 1;
      this.#waiting.shift()?.();
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    const login = await this.#target.login();
    const [address] = await this.#resolver.resolve4(this.#target.name);
    const client = new pg.Client({
      host: address,
      port: login.port,
      database: login.database,
      user: login.username,
      password: login.password,
      connectionTimeoutMillis: 2_000,
      query_timeout: 4_000,
      // The certificate carries the instance's own name, not the service's alias: the chain is verified, the name is not.
      ssl: { ca: this.#target.caPem, checkServerIdentity: () => undefined },
    });
    // An ended session (a fence, a failover) surfaces here between queries; the client must not be used again.
    client.on("error", () => this.#forget(client));
    await client.connect();
    return client;
  }

  #give(client: pg.Client): void {
    this.#idle.push(client);
    this.#waiting.shift()?.();
  }

  #drop(client: pg.Client): void {
    this.#open -= 1;
    client.end().catch((error: Error) => console.error(`closing a broken connection: ${error.message}`));
    this.#waiting.shift()?.();
  }

  #forget(client: pg.Client): void {
    const index = this.#idle.indexOf(client);
    if (index < 0) return;
    this.#idle.splice(index, 1);
    this.#drop(client);
  }
}
