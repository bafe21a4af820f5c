import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../../world.ts";
import { OWN_SESSION, ownProcess } from "../processes.ts";

/** What a script left. */
export interface Ran {
  /** Its exit code; -1 when it was ended from outside. */
  code: number;
  ended: "by itself" | "timed out" | "cancelled";
  stdout: string;
  stderr: string;
}

/** Characters that the agent keeps of each stream, and what it puts behind a text that was longer (amazon-ssm-agent). */
const KEPT = { stdout: 24_000, stderr: 8_000 };
const TRUNCATED = "--output truncated--";

/**
 * Runs a document's commands on a host as the Systems Manager agent does: one script file, run by `sh`, in its own
 * folder unless told otherwise. The host's folder stands for its `/`: a working directory is looked up inside it. There
 * is no chroot, so a script reaches the host's files by paths relative to its working directory.
 */
export function runScript(
  world: World,
  host: { instanceId: string; folder: string; path: string },
  given: {
    commandId: string;
    lines: string[];
    workingDirectory: string | undefined;
    timeoutSeconds: number;
    signal: AbortSignal;
  },
): Promise<Ran> {
  const own = join(
    host.folder,
    "var/lib/amazon/ssm",
    host.instanceId,
    "document/orchestration",
    given.commandId,
  );
  mkdirSync(own, { recursive: true });
  const script = join(own, "_script.sh");
  writeFileSync(script, `${given.lines.join("\n")}\n`, { mode: 0o700 });
  const child = ownProcess(
    spawn("sh", ["-c", `"${script}"`], {
      ...OWN_SESSION,
      cwd: given.workingDirectory === undefined ? own : join(host.folder, given.workingDirectory),
      env: {
        PATH: host.path,
        HOME: join(host.folder, "root"),
        AWS_SSM_INSTANCE_ID: host.instanceId,
        AWS_SSM_REGION_NAME: world.region,
      },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  let ended: Ran["ended"] = "by itself";
  const end = (why: Ran["ended"]) => () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    ended = why;
    process.kill(-child.pid, "SIGKILL");
  };
  AbortSignal.timeout(Math.ceil(world.clock.workMilliseconds(given.timeoutSeconds))).addEventListener(
    "abort",
    end("timed out"),
  );
  given.signal.addEventListener("abort", end("cancelled"));
  const stdout = kept(child.stdout!, KEPT.stdout);
  const stderr = kept(child.stderr!, KEPT.stderr);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, ended, stdout: "", stderr: error.message }));
    child.once("close", (code) =>
      resolve({ code: ended === "by itself" ? (code ?? -1) : -1, ended, stdout: stdout(), stderr: stderr() }),
    );
  });
}

/** Reads a stream to its end and keeps its beginning. */
function kept(stream: NodeJS.ReadableStream, characters: number): () => string {
  let text = "";
  let longer = false;
  stream.setEncoding("utf8");
  stream.on("data", (part: string) => {
    longer ||= text.length + part.length > characters;
    text = (text + part).slice(0, characters);
  });
  return () => (longer ? text.slice(0, characters - TRUNCATED.length) + TRUNCATED : text);
}
