/**
 * Starts the functions' processes of one sandbox and carries what passes between them. To start a process is to copy the
 * page tables of the one that starts it and to wait for it: here that is a millisecond, in the sandbox's own process ten
 * to twenty in which nobody is answered. It ends when the sandbox that started it is gone, and the functions with it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromRuntime, FromStarter, ToStarter } from "./messages.ts";

const RUNTIME = fileURLToPath(new URL("./runtime.ts", import.meta.url));
const children = new Map<number, ChildProcess>();

const send = (message: FromStarter) => {
  if (process.connected) process.send!(message);
};

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToStarter) => {
  if (message.type === "fork") start(message.id, message.env, message.folder);
  else if (message.type === "kill") children.get(message.id)?.kill("SIGKILL");
  else tell(message.id, message.message);
});

function start(id: number, env: Record<string, string>, cwd: string): void {
  const child = fork(RUNTIME, [], {
    // A small young generation keeps ten warm functions within a laptop's memory.
    execArgv: ["--max-semi-space-size=4", "--disable-warning=ExperimentalWarning"],
    cwd,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env,
  });
  children.set(id, child);
  child.on("message", (message) => send({ type: "message", id, message: message as FromRuntime }));
  // What a dying process writes past the bootstrap (a fatal error of V8, for one).
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => send({ type: "output", id, text }));
  }
  child.on("close", () => send({ type: "closed", id }));
  const gone = (code: number | null, signal: NodeJS.Signals | null, error?: Error) => {
    if (children.delete(id)) send({ type: "gone", id, code, signal, error: error?.message });
  };
  child.on("exit", (code, signal) => gone(code, signal));
  child.on("error", (error) => {
    if (child.pid === undefined) gone(null, null, error);
  });
}

/** A process that cannot be told anything is ended; that it is gone is then said as of any other. */
function tell(id: number, message: Extract<ToStarter, { type: "message" }>["message"]): void {
  const child = children.get(id);
  child?.send(message, (error) => {
    if (error) child.kill("SIGKILL");
  });
}
