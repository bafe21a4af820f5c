import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../../world.ts";
import { OWN_SESSION, ownProcess } from "../processes.ts";
import { stopProcess } from "./stop-process.ts";
import { parseEnvironment, parseUnit, type Unit } from "./unit.ts";

/** What a command of the host's init says, as a program would: exit code and text. */
export interface Said {
  code: number;
  text: string;
}

interface Service {
  process: ChildProcess | undefined;
  /** The last process ended by itself, with an error. */
  failed: boolean;
  /** Starts within a short time; past a few it is left alone, as systemd does. */
  starts: number;
}

/** A service that fails at once is started so often, and then no more (systemd's StartLimitBurst). */
const START_LIMIT = 5;
const RESTART_MILLISECONDS = 2_000;

/**
 * What stands for systemd on a sandbox's host: starts and stops the services of its unit files as real processes.
 * Knows start, stop, restart, reload, reload-or-restart and is-active; anything else is refused.
 */
export class Init {
  readonly #world: World;
  readonly #folder: string;
  readonly #path: string;
  readonly #services = new Map<string, Service>();

  constructor(world: World, host: { folder: string; path: string }) {
    this.#world = world;
    this.#folder = host.folder;
    this.#path = host.path;
  }

  /** `systemctl <verb> <unit>`. */
  async systemctl(given: string[]): Promise<Said> {
    const [verb = "", ...rest] = given.filter((each) => !each.startsWith("-"));
    const names = rest.map((name) => name.replace(/\.service$/, ""));
    const [name] = names;
    if (!name || names.length > 1) return refused(`systemctl ${given.join(" ")}`);
    if (!existsSync(this.#unitFile(name)))
      return { code: 5, text: `Unit ${name}.service could not be found.\n` };
    try {
      return await this.#do(verb, name);
    } catch (error) {
      return { code: 1, text: `${(error as Error).message}\n` };
    }
  }

  /** Ends every service. */
  async stop(): Promise<void> {
    await Promise.all([...this.#services.keys()].map((name) => this.#stop(name)));
  }

  isActive(name: string): boolean {
    return this.pid(name) !== undefined;
  }

  /** Its main process; undefined when it does not run. */
  pid(name: string): number | undefined {
    return this.#services.get(name)?.process?.pid;
  }

  async #do(verb: string, name: string): Promise<Said> {
    const active = this.isActive(name);
    const failed = this.#services.get(name)?.failed;
    switch (verb) {
      case "is-active":
        return { code: active ? 0 : 3, text: `${active ? "active" : failed ? "failed" : "inactive"}\n` };
      case "start":
        if (!active) this.#start(name);
        return done;
      case "stop":
        await this.#stop(name);
        return done;
      case "reload":
        return active
          ? this.#reload(name)
          : { code: 1, text: `${name}.service is not active, cannot reload.\n` };
      case "reload-or-restart":
        if (active && this.#unit(name).execReload) return this.#reload(name);
        await this.#stop(name);
        this.#start(name);
        return done;
      case "restart":
        await this.#stop(name);
        this.#start(name);
        return done;
      default:
        return refused(`systemctl ${verb}`);
    }
  }

  #unitFile(name: string): string {
    return join(this.#folder, "etc/systemd/system", `${name}.service`);
  }

  #unit(name: string): Unit {
    return parseUnit(readFileSync(this.#unitFile(name), "utf8"));
  }

  #spawn(unit: Unit, [program = "", ...given]: string[]): ChildProcess {
    const files = unit.environmentFiles.map((file) =>
      parseEnvironment(readFileSync(join(this.#folder, file), "utf8")),
    );
    return spawn(program, given, {
      ...OWN_SESSION,
      cwd: join(this.#folder, unit.workingDirectory),
      env: Object.assign({ PATH: this.#path }, unit.environment, ...files) as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  #start(name: string, starts = 1): void {
    const unit = this.#unit(name);
    const child = ownProcess(this.#spawn(unit, unit.execStart));
    const service: Service = { process: child, failed: false, starts };
    this.#services.set(name, service);
    const log = (message: string) => this.#world.log(`host:${name}`, message.trim());
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (text: Buffer) => log(text.toString()));
    child.on("error", (error) => {
      log(error.message);
      if (child.pid === undefined) Object.assign(service, { process: undefined, failed: true });
    });
    child.once("exit", (code, signal) => {
      service.process = undefined;
      service.failed = code !== 0 && signal !== "SIGTERM";
      if (!service.failed) return;
      log(`${name}.service ended with ${code ?? signal}`);
      if (!unit.restart || service.starts >= START_LIMIT || this.#world.stopping) return;
      this.#world.clock.after(RESTART_MILLISECONDS, () => {
        // Somebody else started or stopped it meanwhile.
        if (this.#services.get(name) === service && !service.process) this.#start(name, service.starts + 1);
      });
    });
  }

  async #stop(name: string): Promise<void> {
    const service = this.#services.get(name);
    this.#services.delete(name);
    if (service?.process) await stopProcess(this.#world, service.process);
  }

  async #reload(name: string): Promise<Said> {
    const unit = this.#unit(name);
    if (!unit.execReload)
      return {
        code: 1,
        text: `Failed to reload ${name}.service: Job type reload is not applicable for unit.\n`,
      };
    const child = ownProcess(this.#spawn(unit, unit.execReload));
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (part: Buffer) => {
        text += part;
      });
    return new Promise((resolve) => {
      child.on("error", (error) => resolve({ code: 1, text: error.message }));
      child.on("close", (code) => resolve({ code: code ?? 1, text }));
    });
  }
}

const done: Said = { code: 0, text: "" };
const refused = (what: string): Said => ({
  code: 1,
  text: `${what} is not known to the sandbox's stand-in for systemd. Nothing was done.\n`,
});
