import type { ChildProcess } from "node:child_process";
import type { World } from "../../world.ts";

/** Configured seconds that a process has to end by itself before it is killed. */
const STOP_SECONDS = 10;

/** Ends a process and what it started in its session; resolves when it is gone. */
export async function stopProcess(world: World, child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-pid, "SIGTERM");
  AbortSignal.timeout(Math.ceil(world.clock.workMilliseconds(STOP_SECONDS))).addEventListener("abort", () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
  });
  await gone;
}
