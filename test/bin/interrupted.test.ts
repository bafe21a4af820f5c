import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../../scenarios/until.ts";

/** Commands start a whole service; on a busy machine that takes its time. */
const LONGEST = 120_000;

/** Everything that the command starts has this folder's name in its environment, its arguments or where it works. */
let folder: string;
let running: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchdog-interrupted-"));
  // PostgreSQL may run as another user and has to reach its folders.
  chmodSync(folder, 0o755);
});

afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) process.kill(-running.pid!, "SIGKILL");
  await until("everything of the test to be gone", () => processes().length === 0);
  rmSync(folder, { recursive: true, force: true });
});

/** Processes of the command, by what the kernel knows of each. */
function processes(): string[] {
  const read = (pid: string, name: string) => {
    try {
      return name === "cwd" ? readlinkSync(`/proc/${pid}/cwd`) : readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
      return ""; // it has ended, or is none of ours
    }
  };
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => ["cmdline", "cwd", "environ"].some((name) => read(pid, name).includes(folder)))
    .map((pid) => `${pid} ${read(pid, "cmdline").replaceAll("\0", " ")}`)
    .filter((line) => !/^\d+ $/.test(line));
}

/** Starts a command as a terminal does, in a process group of its own, and gives what it says. */
function start(...args: string[]) {
  let said = "";
  const child = spawn(process.execPath, ["bin/watchdog.ts", ...args], {
    env: { ...process.env, TMPDIR: folder },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => {
      said += text.toString();
    });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    closed,
    said: () => said,
    says: (text: string) => until(`the command to say "${text}"`, () => said.includes(text)),
    /** To every process of the group, as the terminal sends Ctrl-C. */
    group: (signal: NodeJS.Signals) => process.kill(-child.pid!, signal),
    alone: (signal: NodeJS.Signals) => child.kill(signal),
  };
}

describe("Ctrl-C", { timeout: LONGEST }, () => {
  it.each([
    ["while the database is made", "No AWS account is used"],
    ["while the service is under load", "rows in 4 tables"],
  ])(
    "in a drill, %s, leaves nothing running and says so; a second one does not cut that short",
    async (_, moment) => {
      const drill = start("drill");
      await drill.says(moment);
      await until("PostgreSQL to be at work", () => processes().some((line) => /postgres|initdb/.test(line)));

      drill.group("SIGINT");
      await drill.says("SIGINT: stopping everything");
      drill.group("SIGINT");

      expect(await drill.closed).toBe(130);
      expect(drill.said()).toContain("Stopped. Nothing is left running.");
      await until("the last process to be gone", () => processes().length === 0, 5_000);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("ends a sandbox, which had been asked to run until then, with success", async () => {
    const sandbox = start("sandbox");
    await sandbox.says("Ctrl-C stops it.");

    sandbox.group("SIGINT");

    expect(await sandbox.closed).toBe(0);
    expect(sandbox.said()).toContain("Stopped. Nothing is left running.");
    await until("the last process to be gone", () => processes().length === 0, 5_000);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("A drill that is killed", { timeout: LONGEST }, () => {
  it("leaves no database and no function running either", async () => {
    const drill = start("drill");
    await drill.says("is available at");
    expect(processes().filter((line) => line.includes("postgres")).length).toBeGreaterThan(0);

    drill.alone("SIGKILL");

    await drill.closed;
    await until("the last process to be gone", () => processes().length === 0, 20_000);
  });
});
