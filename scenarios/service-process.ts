import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { OWN_SESSION, ownProcess, type Sandbox } from "../sandbox/sandbox.ts";

/** A scenario's service in a process of its own. */
export interface ServiceProcess {
  app: ChildProcess;
  /** What it said of itself last. */
  figures: { errorRate: number | undefined; requestsPerSecond: number };
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a service, gives it its settings and waits until it listens. It tells by messages that it is `listening`, and
 * its `figures`.
 *
 * @throws Error when it ends before it listens.
 */
export async function startService(sandbox: Sandbox, file: URL, settings: object): Promise<ServiceProcess> {
  const figures: ServiceProcess["figures"] = { errorRate: undefined, requestsPerSecond: 0 };
  const app = fork(fileURLToPath(file), { ...OWN_SESSION, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  ownProcess(app);
  for (const stream of [app.stdout, app.stderr])
    stream?.on("data", (text: Buffer) => sandbox.world.log("service", text.toString().trim()));
  const listening = new Promise<void>((resolve, reject) => {
    let last = Date.now();
    app.on("message", (message: { type: string; errorRate?: number; requests?: number }) => {
      if (message.type === "listening") return resolve();
      if (message.type !== "figures") return;
      const seconds = (Date.now() - last) / 1000;
      last = Date.now();
      figures.errorRate = message.errorRate;
      figures.requestsPerSecond = (message.requests ?? 0) / Math.max(seconds, 0.001);
    });
    // Once it listens, this changes nothing any more.
    app.once("exit", (code) =>
      reject(new Error(`The service's process ended with code ${code}; see the drill's sandbox log`)),
    );
  });
  app.send(settings);
  await listening;
  return {
    app,
    figures,
    async stop() {
      if (app.exitCode !== null) return;
      const gone = new Promise((resolve) => app.once("exit", resolve));
      app.kill();
      await gone;
    },
  };
}
