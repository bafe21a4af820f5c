import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { OWN_SESSION, ownProcess } from "../processes.ts";
import type { FromRuntime, FromStarter, ToRuntime, ToStarter } from "./messages.ts";

const STARTER = fileURLToPath(new URL("./starter.ts", import.meta.url));

/** What a function's process does, as its starter tells. */
export interface Listener {
  message(message: FromRuntime): void;
  /** What it wrote past the bootstrap. */
  output(text: string): void;
  /** It ended, or could not be started (`error` says why). Said once more when the starter itself ends. */
  gone(code: number | null, signal: NodeJS.Signals | null, error?: string): void;
}

/** The small process that starts a world's functions (starter.ts says why). Functions are in its session: they end with it. */
export class StarterProcess {
  readonly #child: ChildProcess;
  readonly #listeners = new Map<number, Listener>();
  readonly #exited: Promise<void>;
  #last = 0;
  #ended = false;

  /** `folder`: where it runs. `compileCache`: where compiled code is kept. */
  constructor(folder: string, compileCache: string) {
    this.#child = ownProcess(
      fork(STARTER, [], {
        ...OWN_SESSION,
        execArgv: ["--max-semi-space-size=4", "--disable-warning=ExperimentalWarning"],
        cwd: folder,
        env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compileCache },
      }),
    );
    this.#child.on("message", (message) => this.#receive(message as FromStarter));
    this.#exited = new Promise((resolve) => {
      const end = (signal: NodeJS.Signals | null, error?: Error) => {
        this.#ended = true;
        for (const listener of this.#listeners.values()) listener.gone(null, signal, error?.message);
        this.#listeners.clear();
        resolve();
      };
      this.#child.on("exit", (_, signal) => end(signal));
      this.#child.on("error", (error) => {
        if (this.#child.pid === undefined) end(null, error);
      });
    });
  }

  /** Whether it can start a process. */
  get usable(): boolean {
    return !this.#ended;
  }

  /** Starts a blank process in `folder` with nothing but `env`; the number is what the other methods ask for. */
  start(env: Record<string, string>, folder: string, listener: Listener): number {
    const id = ++this.#last;
    this.#listeners.set(id, listener);
    this.#send({ type: "fork", id, env, folder });
    return id;
  }

  tell(id: number, message: ToRuntime): void {
    this.#send({ type: "message", id, message });
  }

  kill(id: number): void {
    this.#send({ type: "kill", id });
  }

  /** Ends it, and with it what it started and is left; resolves when it is gone. */
  async end(): Promise<void> {
    if (!this.#ended) this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** What cannot be sent any more needs no answer: its end says to every listener that the process is gone. */
  #send(message: ToStarter): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(message: FromStarter): void {
    const listener = this.#listeners.get(message.id);
    if (message.type === "message") listener?.message(message.message);
    else if (message.type === "output") listener?.output(message.text);
    else if (message.type === "gone") listener?.gone(message.code, message.signal, message.error);
    else this.#listeners.delete(message.id);
  }
}
