import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { OWN_SESSION, ownProcess } from "../processes.ts";
import { type Binaries, run, runAs } from "./binaries.ts";

/** Superuser of every cluster, as on RDS; the customer's master user is not one. */
export const SUPERUSER = "rdsadmin";

/** A PostgreSQL cluster on this machine: where it lies and where it listens. */
export interface ClusterOptions {
  binaries: Binaries;
  /** Holds `data`, `archive`, `base` and the log. */
  folder: string;
  address: string;
  port: number;
  superuserPassword: string;
  certPem: string;
  keyPem: string;
}

/** Machine milliseconds between two looks at a starting server. */
const LOOK = 15;
/** Machine milliseconds a start may take beyond recovery. */
const START_LONGEST = 120_000;
const SEGMENT_MEGABYTES = 4;

/** One PostgreSQL server process and its files. */
export class Cluster {
  readonly options: ClusterOptions;
  readonly data: string;
  readonly archive: string;
  readonly base: string;
  #server: ChildProcess | undefined;
  #exited: Promise<number | null> = Promise.resolve(null);
  #discarded = false;

  constructor(options: ClusterOptions) {
    this.options = options;
    this.data = join(options.folder, "data");
    this.archive = join(options.folder, "archive");
    this.base = join(options.folder, "base");
  }

  /** Makes the folders, owned by the user PostgreSQL runs as. */
  prepareFolders(): void {
    for (const folder of [this.options.folder, this.archive, this.base]) {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      this.#own(folder);
    }
  }

  /** A new, empty cluster. */
  async initialize(): Promise<void> {
    this.prepareFolders();
    const passwordFile = join(this.options.folder, "password");
    writeFileSync(passwordFile, this.options.superuserPassword, { mode: 0o600 });
    this.#own(passwordFile);
    await run(this.options.binaries.initdb, [
      ...["-D", this.data, "-U", SUPERUSER, `--pwfile=${passwordFile}`],
      ...["--auth-host=scram-sha-256", "--auth-local=reject", "--encoding=UTF8", "--locale=C"],
      ...["--no-sync", "--no-instructions", `--wal-segsize=${SEGMENT_MEGABYTES}`],
    ]);
    writeFileSync(passwordFile, "");
  }

  /** Writes configuration, certificate and access rules; `recovery` lines only for a restore. */
  configure(recovery: string[] = []): void {
    const lines = [
      `listen_addresses = '${this.options.address}'`,
      `port = ${this.options.port}`,
      "unix_socket_directories = ''",
      "max_connections = 60",
      "shared_buffers = 32MB",
      // The sandbox may lose a cluster with the machine; what it must not lose is WAL that was archived.
      "fsync = off",
      "full_page_writes = on",
      "wal_level = replica",
      "max_wal_senders = 5",
      "max_wal_size = 1GB",
      "archive_mode = on",
      `archive_command = 'cp %p "${this.archive}/%f.part" && mv "${this.archive}/%f.part" "${this.archive}/%f"'`,
      "ssl = on",
      "ssl_cert_file = 'server.crt'",
      "ssl_key_file = 'server.key'",
      "password_encryption = scram-sha-256",
      "log_line_prefix = '%m [%p] %q%u@%d '",
      "autovacuum_naptime = 60s",
      ...recovery,
    ];
    this.#write("postgresql.auto.conf", "");
    this.#write("watchdog.conf", `${lines.join("\n")}\n`);
    const main = join(this.data, "postgresql.conf");
    const text = readFileSync(main, "utf8");
    if (!text.includes("include 'watchdog.conf'")) writeFileSync(main, `${text}\ninclude 'watchdog.conf'\n`);
    this.#write("server.crt", this.options.certPem);
    this.#write("server.key", this.options.keyPem);
    this.admit(true);
  }

  /** Access rules: everyone over TLS with a password, or, quarantined, nobody but the superuser. Needs a reload to act. */
  admit(everyone: boolean): void {
    const rule = everyone ? "hostssl all all all scram-sha-256" : "host all all all reject";
    this.#write(
      "pg_hba.conf",
      `hostssl all ${SUPERUSER} all scram-sha-256\nhostssl replication ${SUPERUSER} all scram-sha-256\n${rule}\n`,
    );
  }

  /**
   * Starts the server; resolves when it answers and takes writes, or, as a standby, when it answers. Throws with the
   * server's log when it ends.
   */
  async start(as: "primary" | "standby" = "primary"): Promise<void> {
    if (this.#discarded) throw new Error("The sandbox is stopping; no database is started any more");
    const log = openSync(join(this.options.folder, "postgresql.log"), "a");
    const server = ownProcess(
      spawn(this.options.binaries.postgres, ["-D", this.data], {
        ...runAs(),
        ...OWN_SESSION,
        stdio: ["ignore", log, log],
        env: { LC_ALL: "C", PATH: process.env["PATH"] },
      }),
      "SIGQUIT",
    );
    closeSync(log);
    this.#server = server;
    let ended = false;
    this.#exited = new Promise((resolve) =>
      server.once("exit", (code) => {
        ended = true;
        resolve(code);
      }),
    );
    const end = performance.now() + START_LONGEST;
    for (;;) {
      if (ended)
        throw new Error(`PostgreSQL in ${this.options.folder} ended while it started: ${this.lastLog()}`);
      if (performance.now() > end)
        throw new Error(
          `PostgreSQL in ${this.options.folder} did not answer in ${START_LONGEST / 1000} s: ${this.lastLog()}`,
        );
      if (await this.#ready(as === "standby")) return;
      await pause(LOOK);
    }
  }

  async #ready(recovering: boolean): Promise<boolean> {
    const client = this.client("postgres");
    try {
      await client.connect();
      const { rows } = await client.query("SELECT pg_is_in_recovery() AS recovering");
      return rows[0].recovering === recovering;
    } catch {
      return false; // not up yet, which is what is being asked
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** A superuser connection that the caller connects and ends. */
  client(database: string): pg.Client {
    const client = new pg.Client({
      host: this.options.address,
      port: this.options.port,
      user: SUPERUSER,
      password: this.options.superuserPassword,
      database,
      connectionTimeoutMillis: 3_000,
      ssl: { rejectUnauthorized: false },
    });
    // A server that stops fails the query under way; that says it. Without a listener it would end the process.
    client.on("error", () => undefined);
    return client;
  }

  /** Runs one statement as superuser. */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[] = [],
    database = "postgres",
  ): Promise<Row[]> {
    const client = this.client(database);
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends the server: sessions are cut, WAL is flushed. Resolves when the process is gone. */
  async stop(): Promise<void> {
    if (!this.#server || this.#server.exitCode !== null) return;
    this.#server.kill("SIGINT"); // fast shutdown
    const gone = await Promise.race([this.#exited.then(() => true), pause(10_000, false)]);
    if (!gone) {
      this.#server.kill("SIGQUIT");
      await this.#exited;
    }
    this.#server = undefined;
  }

  /** Ends the server at once and for good: nothing of it is kept. */
  async discard(): Promise<void> {
    this.#discarded = true;
    if (!this.#server || this.#server.exitCode !== null) return;
    this.#server.kill("SIGQUIT");
    await this.#exited;
  }

  /** The last lines of the server's log, for an error a person reads. */
  lastLog(): string {
    const text = readFileSync(join(this.options.folder, "postgresql.log"), "utf8");
    return text.trim().split("\n").slice(-12).join("\n");
  }

  #write(name: string, text: string): void {
    const path = join(this.data, name);
    writeFileSync(path, text, { mode: 0o600 });
    this.#own(path);
  }

  #own(path: string): void {
    const user = runAs();
    if (user) chownSync(path, user.uid, user.gid);
  }
}
