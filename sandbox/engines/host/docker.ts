import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { World } from "../../world.ts";
import { OWN_SESSION, ownProcess } from "../processes.ts";
import type { Said } from "./init.ts";
import { stopProcess } from "./stop-process.ts";
import { parseEnvironment } from "./unit.ts";

/** The part of a compose service that the stand-in has. */
interface ComposeService {
  image?: string;
  build?: string;
  command?: string[];
  env_file?: string;
  environment?: Record<string, string>;
}

interface Container {
  image: string;
  process: ChildProcess;
}

const done: Said = { code: 0, text: "" };
const failed = (text: string): Said => ({ code: 1, text: `${text}\n` });

/**
 * What stands for Docker on a sandbox's host: an image is a copy of a folder under its content's digest, a container a
 * real process in it. Knows tags, `compose build`, `up` and `ps` of one service; anything else is refused. Nothing is
 * ever pulled: what is not on the host is not there.
 */
export class Docker {
  readonly #world: World;
  readonly #folder: string;
  readonly #path: string;
  /** Reference (`name:tag`) → image id. */
  readonly #tags = new Map<string, string>();
  readonly #containers = new Map<string, Container>();

  constructor(world: World, host: { folder: string; path: string }) {
    this.#world = world;
    this.#folder = host.folder;
    this.#path = host.path;
  }

  /** `docker …` */
  async docker(given: string[]): Promise<Said> {
    const [verb = "", ...rest] = given;
    const words = rest.filter((each) => !each.startsWith("-"));
    if (verb === "images")
      return { code: 0, text: this.#tags.has(words[0]!) ? `${this.#tags.get(words[0]!)}\n` : "" };
    if (verb === "image" && words[0] === "inspect")
      return this.#idOf(words[1]!) ? done : failed(`Error: No such image: ${words[1]}`);
    if (verb === "tag") {
      const id = this.#idOf(words[0]!);
      if (!id) return failed(`Error response from daemon: No such image: ${words[0]}`);
      this.#tags.set(words[1]!, id);
      return done;
    }
    if (verb === "compose") return this.#compose(rest);
    return failed(`docker ${verb} is not known to the sandbox's stand-in for Docker. Nothing was done.`);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#containers.values()].map(({ process }) => stopProcess(this.#world, process)));
  }

  /** Image of a running container; undefined when it does not run. */
  running(service: string): string | undefined {
    return this.#containers.get(service)?.image;
  }

  async #compose(given: string[]): Promise<Said> {
    const at = given.indexOf("--project-directory");
    const project = given[at + 1] ?? "";
    const rest = given.toSpliced(at, 2);
    // `--pull never` and `--status running` are the options with a value that the documents use.
    const [verb = "", service = ""] = rest.filter(
      (each, index) => !each.startsWith("-") && !["--pull", "--status"].includes(rest[index - 1] ?? ""),
    );
    if (verb === "ps")
      return { code: 0, text: [...this.#containers.keys()].map((name) => `${name}\n`).join("") };
    const folder = join(this.#folder, project);
    const file = join(folder, "docker-compose.yml");
    if (!existsSync(file)) return failed("no configuration file provided: not found");
    const known = (parse(readFileSync(file, "utf8")) as { services: Record<string, ComposeService> })
      .services;
    const wanted = known[service];
    if (!wanted) return failed(`no such service: ${service}`);
    const image = wanted.image ?? `${service}:latest`;
    if (verb === "build") {
      this.#tags.set(image, this.#build(join(folder, wanted.build ?? ".")));
      return done;
    }
    if (verb === "up") return this.#up(service, wanted, image, folder);
    return failed(
      `docker compose ${verb} is not known to the sandbox's stand-in for Docker. Nothing was done.`,
    );
  }

  #idOf(reference: string): string | undefined {
    if (!reference.startsWith("sha256:")) return this.#tags.get(reference);
    return existsSync(this.#imageFolder(reference)) ? reference : undefined;
  }

  #imageFolder(id: string): string {
    return join(this.#folder, "var/lib/docker-of-the-sandbox", id.replace("sha256:", ""));
  }

  #build(context: string): string {
    const hash = createHash("sha256");
    for (const name of readdirSync(context, { recursive: true, encoding: "utf8" }).toSorted())
      if (!name.startsWith(".git") && /\.\w+$/.test(name))
        hash.update(name).update(readFileSync(join(context, name)));
    const id = `sha256:${hash.digest("hex")}`;
    mkdirSync(this.#imageFolder(id), { recursive: true });
    cpSync(context, this.#imageFolder(id), { recursive: true });
    return id;
  }

  async #up(service: string, wanted: ComposeService, reference: string, folder: string): Promise<Said> {
    const image = this.#tags.get(reference);
    if (!image) return failed(`Error response from daemon: No such image: ${reference}`);
    const [program = "", ...rest] = wanted.command ?? [];
    const old = this.#containers.get(service);
    if (old) await stopProcess(this.#world, old.process);
    const file = wanted.env_file ? parseEnvironment(readFileSync(join(folder, wanted.env_file), "utf8")) : {};
    const child = ownProcess(
      spawn(program, rest, {
        ...OWN_SESSION,
        cwd: this.#imageFolder(image),
        env: Object.assign({ PATH: this.#path }, file, wanted.environment) as NodeJS.ProcessEnv,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    this.#containers.set(service, { image, process: child });
    const log = (text: Buffer | string) => this.#world.log(`container:${service}`, String(text).trim());
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", log);
    const gone = () => {
      if (this.#containers.get(service)?.process === child) this.#containers.delete(service);
    };
    child.once("exit", gone);
    child.once("error", (error) => {
      log(error.message);
      gone();
    });
    return done;
  }
}
