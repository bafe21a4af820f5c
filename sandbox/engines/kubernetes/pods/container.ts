import { type ChildProcess, spawn } from "node:child_process";
import { OWN_SESSION, ownProcess } from "../../processes.ts";
import type { Cluster } from "../cluster.ts";
import { now } from "../cluster.ts";
import type { Container, ContainerStatus, Pod } from "../objects.ts";
import { ConfigError, environmentOf } from "./environment.ts";
import { imageOf } from "./images.ts";
import { probed } from "./probe.ts";

const BACKOFF = { first: 10_000, longest: 300_000, forgottenAfter: 600_000 };
const KEPT_LINES = 1_000;

/** One container of a pod: a real process that is started, asked, and started again when it ends. */
export class RunningContainer {
  readonly status: ContainerStatus;
  readonly #cluster: Cluster;
  readonly #pod: Pod;
  readonly #container: Container;
  readonly #ip: string;
  readonly #changed: () => void;
  #child: ChildProcess | undefined;
  #cancel: (() => void)[] = [];
  #ended = false;
  #backoff = 0;
  #startedAt = 0;

  constructor(cluster: Cluster, pod: Pod, container: Container, ip: string, changed: () => void) {
    this.#cluster = cluster;
    this.#pod = pod;
    this.#container = container;
    this.#ip = ip;
    this.#changed = changed;
    const { name, image } = container;
    this.status = {
      name,
      image,
      imageID: "",
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: "ContainerCreating" } },
      lastState: {},
    };
  }

  start(): void {
    if (this.#ended) return;
    const { world } = this.#cluster;
    const { image } = this.#container;
    const found = imageOf(world, image);
    if (!found) {
      this.#wait("ImagePullBackOff", `Back-off pulling image "${image}": not found`);
      return;
    }
    let env: Record<string, string>;
    try {
      env = environmentOf(this.#cluster, this.#pod, this.#container, this.#ip);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#wait("CreateContainerConfigError", error.message);
      return;
    }
    this.status.imageID = image;
    this.#startedAt = world.clock.now();
    if (found.command) this.#spawn(found.command, env);
    else this.#running();
  }

  #spawn([program, ...parameters]: string[], env: Record<string, string>): void {
    const child = ownProcess(
      spawn(program!, parameters, {
        ...OWN_SESSION,
        env: { PATH: process.env["PATH"] ?? "", ...env },
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    this.#child = child;
    const lines = this.#cluster.logs.get(this.#logKey()) ?? [];
    this.#cluster.logs.set(this.#logKey(), lines);
    for (const stream of [child.stdout!, child.stderr!])
      stream.on("data", (text: Buffer) => {
        lines.push(...text.toString().trimEnd().split("\n"));
        lines.splice(0, Math.max(0, lines.length - KEPT_LINES));
      });
    child.once("error", (error) => this.#exited(127, error.message));
    child.once("exit", (code, signal) => this.#exited(code ?? 137, signal ?? ""));
    this.#running();
  }

  #logKey(): string {
    return `${this.#pod.metadata.uid}/${this.#container.name}`;
  }

  #running(): void {
    this.status.state = { running: { startedAt: now(this.#cluster) } };
    this.status.started = true;
    const { readinessProbe, livenessProbe } = this.#container;
    this.status.ready = !readinessProbe?.httpGet;
    this.#changed();
    if (readinessProbe?.httpGet)
      this.#probe(readinessProbe, (holds) => {
        if (this.status.ready === holds) return;
        this.status.ready = holds;
        this.#changed();
      });
    if (livenessProbe?.httpGet) this.#probe(livenessProbe, (holds) => !holds && this.#child?.kill("SIGKILL"));
  }

  /** Asks once a period; `told` hears of it when enough answers in a row were the same. */
  #probe(probe: Required<Container>["readinessProbe"], told: (holds: boolean) => void): void {
    const { clock } = this.#cluster.world;
    const { periodSeconds = 10, failureThreshold = 3, successThreshold = 1, initialDelaySeconds = 0 } = probe;
    let row = 0;
    let last: boolean | undefined;
    let cancel = () => {};
    let over = false;
    const ask = async () => {
      const holds = await probed(
        probe,
        this.#container,
        this.#ip,
        clock.workMilliseconds(probe.timeoutSeconds ?? 1),
      );
      if (over) return;
      row = holds === last ? row + 1 : 1;
      last = holds;
      if (row >= (holds ? successThreshold : failureThreshold)) told(holds);
      if (!over) cancel = clock.after(periodSeconds * 1000, ask);
    };
    cancel = clock.after(initialDelaySeconds * 1000, ask);
    this.#cancel.push(() => {
      over = true;
      cancel();
    });
  }

  #exited(exitCode: number, signal: string): void {
    this.#child = undefined;
    this.#quiet();
    const { clock } = this.#cluster.world;
    const reason = exitCode === 0 ? "Completed" : "Error";
    const terminated = {
      reason,
      exitCode,
      finishedAt: now(this.#cluster),
      ...(signal ? { message: signal } : {}),
    };
    Object.assign(this.status, { ready: false, started: false, lastState: { terminated } });
    if (this.#ended) {
      this.status.state = { terminated };
      this.#changed();
      return;
    }
    if (clock.now() - this.#startedAt > BACKOFF.forgottenAfter) this.#backoff = 0;
    const wait = this.#backoff;
    this.#backoff = Math.min(BACKOFF.longest, wait === 0 ? BACKOFF.first : wait * 2);
    this.status.state =
      wait === 0
        ? { terminated }
        : {
            waiting: {
              reason: "CrashLoopBackOff",
              message: `back-off ${wait / 1000}s restarting failed container=${this.status.name} pod=${this.#pod.metadata.name}`,
            },
          };
    this.#changed();
    this.#again(wait);
  }

  #again(milliseconds: number): void {
    const restart = () => {
      this.status.restartCount += 1;
      this.start();
    };
    this.#cancel.push(this.#cluster.world.clock.after(milliseconds, restart));
  }

  /** Cannot start yet; tries again by and by. */
  #wait(reason: string, message: string): void {
    const was = this.status.state["waiting"];
    this.status.state = { waiting: { reason, message } };
    if (was?.reason !== reason) this.#changed();
    this.#cancel.push(this.#cluster.world.clock.after(BACKOFF.first, () => this.start()));
  }

  #quiet(): void {
    for (const cancel of this.#cancel.splice(0)) cancel();
  }

  /** Ends it: SIGTERM, and SIGKILL when its time is over. */
  async end(graceSeconds: number): Promise<void> {
    this.#ended = true;
    this.#quiet();
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const cancel = this.#cluster.world.clock.after(Math.max(graceSeconds * 1000, 1), () =>
      child.kill("SIGKILL"),
    );
    await gone;
    cancel();
  }
}
