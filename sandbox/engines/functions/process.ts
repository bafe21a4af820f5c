import type { World } from "../../world.ts";
import type { FromRuntime, FunctionError, InvokeMessage, StartMessage } from "./messages.ts";
import type { StarterProcess } from "./starter-process.ts";

/** How one invocation in a process ended. */
export type Outcome =
  | { kind: "result"; payload: string }
  | { kind: "error"; error: FunctionError }
  | { kind: "timeout" }
  /** The process ended without an answer. */
  | { kind: "exit"; code: number | null; signal: NodeJS.Signals | null };

type Reply = Outcome | { kind: "ready" } | { kind: "init-error"; error: FunctionError };

/** One process: blank, then an execution environment, then gone. */
export class RuntimeProcess {
  readonly #world: World;
  readonly #starter: StarterProcess;
  readonly #id: number;
  readonly #exited: Promise<void>;
  #waiting: ((reply: Reply) => void) | undefined;
  /** Whether it can take an invocation. */
  usable = true;
  #gone = false;
  /** Receives what the function writes. */
  onOutput: (text: string) => void = () => {};
  onExit: () => void = () => {};

  constructor(
    world: World,
    starter: StarterProcess,
    options: { caFile: string | undefined; compileCache: string },
  ) {
    this.#world = world;
    this.#starter = starter;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exited = promise;
    this.#id = starter.start(
      {
        PATH: process.env["PATH"] ?? "",
        // Both are read once, when a Node process starts.
        TZ: "UTC",
        ...(options.caFile ? { NODE_EXTRA_CA_CERTS: options.caFile } : {}),
        // From the first line on: a cold start need not strip the runtime's own types again.
        NODE_COMPILE_CACHE: options.compileCache,
      },
      world.root,
      {
        message: (message) => this.#receive(message),
        output: (text) => this.onOutput(text),
        gone: (code, signal, error) => {
          if (this.#gone) return;
          if (error) world.log("lambda", `a function's process could not be started: ${error}`);
          this.#gone = true;
          this.usable = false;
          this.#settle({ kind: "exit", code, signal });
          this.onExit();
          resolve();
        },
      },
    );
  }

  /** Makes the blank process an execution environment; undefined when it is ready, else why it is not. */
  async start(message: StartMessage, allowedMilliseconds: number): Promise<FunctionError | undefined> {
    const outcome = await this.#exchange(message, allowedMilliseconds);
    if (outcome.kind === "ready") return undefined;
    if (outcome.kind === "init-error") {
      await this.#exited;
      return outcome.error;
    }
    if (outcome.kind === "timeout")
      return { errorType: "Sandbox.Timedout", errorMessage: "the function's code did not load in time" };
    return exitError(outcome.kind === "exit" ? outcome : { code: null, signal: null });
  }

  /** One invocation; on a timeout the process is ended. */
  async invoke(message: InvokeMessage, allowedMilliseconds: number): Promise<Outcome> {
    return (await this.#exchange(message, allowedMilliseconds)) as Outcome;
  }

  /** Ends the process at once; resolves when it is gone. */
  async kill(): Promise<void> {
    this.usable = false;
    if (!this.#gone) this.#starter.kill(this.#id);
    await this.#exited;
  }

  #exchange(message: StartMessage | InvokeMessage, allowed: number) {
    return new Promise<Reply>((resolve) => {
      if (!this.usable) return resolve({ kind: "exit", code: null, signal: null });
      const { clock } = this.#world;
      const cancel = clock.after(allowed * clock.speed, () => {
        this.#settle({ kind: "timeout" });
        void this.kill();
      });
      this.#waiting = (outcome) => {
        cancel();
        resolve(outcome);
      };
      this.#starter.tell(this.#id, message);
    });
  }

  #receive(message: FromRuntime): void {
    if (message.type === "log") this.onOutput(message.text);
    else if (message.type === "ready") this.#settle({ kind: "ready" });
    else if (message.type === "init-error") this.#settle({ kind: "init-error", error: message.error });
    else if (message.type === "result") this.#settle({ kind: "result", payload: message.payload });
    else if (message.type === "error") {
      // It is about to exit; the next invocation must not meet it.
      if (message.fatal) this.usable = false;
      this.#settle({ kind: "error", error: message.error });
    }
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(reply);
  }
}

/** How Lambda reports a process that ended without an answer. */
export function exitError({
  code,
  signal,
}: {
  code: number | null;
  signal: NodeJS.Signals | null;
}): FunctionError {
  const how = signal
    ? `Runtime exited with error: signal: ${signal === "SIGKILL" ? "killed" : signal.toLowerCase().replace("sig", "")}`
    : code
      ? `Runtime exited with error: exit status ${code}`
      : "Runtime exited without providing a reason";
  return { errorType: "Runtime.ExitError", errorMessage: how };
}
