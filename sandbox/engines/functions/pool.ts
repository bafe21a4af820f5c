import { availableParallelism } from "node:os";
import { stateOf, type World } from "../../world.ts";
import { caFileOf } from "./authority.ts";
import { compileCacheOf, type RunnableFunction, startMessage } from "./environment.ts";
import { LogStream } from "./log-stream.ts";
import type { FunctionError } from "./messages.ts";
import { RuntimeProcess } from "./process.ts";
import { StarterProcess } from "./starter-process.ts";

/**
 * Processes kept alive, warm and blank together; about 40 MiB each beyond what they share (measured with an SDK
 * client loaded). A cold start from a blank one takes about 75 ms. More run only while all are busy.
 */
const KEPT_PROCESSES = 14;
/**
 * Blank ones that wait for the next cold start: an alarm comes to its function by two ways at once, and the run that it
 * starts follows before another could be ready.
 */
const BLANK_PROCESSES = Math.min(3, availableParallelism() + 1);
/** A warm process that nobody used for so long is ended, machine milliseconds. */
const IDLE_MILLISECONDS = 120_000;
/** What Lambda gives the code to load; not shortened by the clock's speed, since loading is real work. */
const INIT_MILLISECONDS = 10_000;

/** A process that became one function. */
export interface Environment {
  revision: string;
  /** Name of the function it became. */
  name: string;
  process: RuntimeProcess;
  log: LogStream;
  busy: boolean;
  /** Order of use, for the least recently used. */
  usedAt: number;
  cancelIdle?: () => void;
}

/** The processes of one world's functions: blank ones, warm ones, one invocation at a time each. */
export class FunctionPool {
  /** See {@link KEPT_PROCESSES}; more where memory is no concern. */
  kept = KEPT_PROCESSES;
  readonly #world: World;
  readonly #blank: RuntimeProcess[] = [];
  readonly #environments = new Set<Environment>();
  /** Every process that was started and is not gone. */
  readonly #alive = new Set<RuntimeProcess>();
  #starter: StarterProcess | undefined;
  #uses = 0;
  #warming: Promise<void> | undefined;
  #stopped = false;
  #caFile: Promise<string> | undefined;

  constructor(world: World) {
    this.#world = world;
    world.onStop(() => this.stop());
  }

  /** Number of living processes. */
  get size(): number {
    return this.#alive.size;
  }

  /** Starts the blank processes ahead of the next cold start. */
  warmUp(): Promise<void> {
    this.#warming ??= this.#fillBlanks().finally(() => {
      this.#warming = undefined;
    });
    return this.#warming;
  }

  /** A process for one invocation; `initMilliseconds` when it was a cold start, `error` when that failed. */
  async acquire(
    of: RunnableFunction,
  ): Promise<{ environment: Environment; initMilliseconds?: number; error?: FunctionError }> {
    if (this.#stopped) throw new Error("The sandbox is stopping; no function is started any more");
    const warm = [...this.#environments].find(
      (each) => each.revision === of.revision && !each.busy && each.process.usable,
    );
    if (warm) return { environment: this.#use(warm) };
    this.#makeRoom();
    let blank = this.#blank.shift();
    while (blank && !blank.usable) blank = this.#blank.shift();
    blank ??= await this.#spawn();
    const log = new LogStream(this.#world, { group: of.logGroup, roleArn: of.roleArn, version: of.version });
    const environment: Environment = {
      revision: of.revision,
      name: of.name,
      process: blank,
      log,
      busy: true,
      usedAt: 0,
    };
    blank.onOutput = (text) => log.write(text);
    this.#environments.add(this.#use(environment));
    const before = performance.now();
    const message = await startMessage(this.#world, of, log.name);
    const error = await blank.start(message, INIT_MILLISECONDS);
    return { environment, initMilliseconds: performance.now() - before, ...(error ? { error } : {}) };
  }

  /** Gives a process back; one that died or failed to load is forgotten. */
  release(environment: Environment): void {
    environment.busy = false;
    environment.log.endLine();
    environment.log.flush();
    if (!environment.process.usable || this.#stopped) {
      this.#environments.delete(environment);
    } else {
      const { clock } = this.#world;
      environment.cancelIdle = clock.after(IDLE_MILLISECONDS * clock.speed, () => this.#end(environment));
    }
    this.#makeRoom();
    // Blank processes are started between invocations, not during them: they would slow each other.
    void this.warmUp().catch((error: Error) =>
      this.#world.log("lambda", `no process could be started: ${error.message}`),
    );
  }

  /** Ends the processes of functions that no longer exist in this form. */
  retire(isCurrent: (revision: string) => boolean): void {
    for (const each of this.#environments) if (!each.busy && !isCurrent(each.revision)) this.#end(each);
  }

  /** Kills a function's processes in the middle of what they do, as a crash would; resolves when they are gone. */
  async crash(name: string): Promise<void> {
    const hit = [...this.#environments].filter((each) => each.name === name);
    await Promise.all(hit.map((each) => each.process.kill()));
  }

  /** Ends every process; resolves when all are gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const each of this.#environments) each.cancelIdle?.();
    await Promise.all([...this.#alive].map((each) => each.kill()));
    await this.#starter?.end();
  }

  #use(environment: Environment): Environment {
    environment.cancelIdle?.();
    environment.busy = true;
    environment.usedAt = ++this.#uses;
    return environment;
  }

  async #fillBlanks(): Promise<void> {
    while (!this.#stopped && this.#blank.length < BLANK_PROCESSES && this.#alive.size < this.kept)
      this.#blank.push(await this.#spawn());
  }

  #makeRoom(): void {
    while (this.#alive.size >= this.kept) {
      const idle = [...this.#environments]
        .filter((each) => !each.busy)
        .sort((a, b) => a.usedAt - b.usedAt)[0];
      if (!idle) return;
      this.#end(idle);
    }
  }

  #end(environment: Environment): void {
    environment.cancelIdle?.();
    this.#environments.delete(environment);
    this.#alive.delete(environment.process);
    void environment.process.kill();
  }

  async #spawn(): Promise<RuntimeProcess> {
    this.#caFile ??= caFileOf(this.#world);
    const caFile = await this.#caFile;
    if (this.#stopped) throw new Error("The sandbox is stopping; no function is started any more");
    const compileCache = compileCacheOf(this.#world);
    if (!this.#starter?.usable) this.#starter = new StarterProcess(this.#world.root, compileCache);
    const made = new RuntimeProcess(this.#world, this.#starter, { caFile, compileCache });
    this.#alive.add(made);
    made.onExit = () => this.#alive.delete(made);
    return made;
  }
}

/** The pool of a world. */
export const functionPool = stateOf((world) => new FunctionPool(world));
