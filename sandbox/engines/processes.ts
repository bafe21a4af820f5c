import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

/** Started here and not gone yet, with the signal that ends each at once. */
const alive = new Map<ChildProcess, NodeJS.Signals>();

/**
 * Reads "+ pid" and "- pid" until the pipe to this program closes, however this program ended (SIGKILL too), and then
 * ends what is left. A shell: it needs a megabyte where another Node.js would need forty.
 */
const GUARD = `
left=""
while read -r sign pid; do
  case $sign in
    +) left="$left $pid" ;;
    -) kept=""; for each in $left; do [ "$each" = "$pid" ] || kept="$kept $each"; done; left=$kept ;;
  esac
done
for each in $left; do kill -s QUIT -- "-$each" 2>/dev/null; done
exit 0`;

let guard: ChildProcess | undefined;

/** Tells the guard; it is started with the first process. */
function tellGuard(line: string): void {
  if (!guard) {
    guard = spawn("sh", ["-c", GUARD], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    guard.on("error", () => undefined); // no shell: then only SIGKILL leaves something behind
    guard.stdin!.on("error", () => undefined);
    guard.unref();
    (guard.stdin as Socket).unref();
  }
  guard.stdin!.write(`${line}\n`);
}

/** Options of every process of a sandbox: a session of its own, so that Ctrl-C in a terminal reaches only the program. */
export const OWN_SESSION = { detached: true } as const;

/**
 * A process that never outlives this program. It is ended when the program exits, and by a guard when the program is
 * killed. `end` is the signal that ends it at once: SIGQUIT makes PostgreSQL take its own processes along.
 */
export function ownProcess<Child extends ChildProcess>(
  child: Child,
  end: "SIGKILL" | "SIGQUIT" = "SIGKILL",
): Child {
  const { pid } = child;
  if (pid === undefined) return child; // it could not be started; its error event says why
  alive.set(child, end);
  tellGuard(`+ ${pid}`);
  child.once("exit", () => {
    alive.delete(child);
    tellGuard(`- ${pid}`);
  });
  return child;
}

/** To the process and what it started in its session. */
function signal({ pid }: ChildProcess, end: NodeJS.Signals): void {
  try {
    process.kill(-pid!, end);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has ended by itself
  }
}

/** Ends every process that is left, of every sandbox in this program; resolves when all are gone. */
export async function endProcesses(): Promise<void> {
  await Promise.all(
    [...alive].map(
      ([child, end]) =>
        new Promise((gone) => {
          child.once("exit", gone);
          signal(child, end);
        }),
    ),
  );
}

process.on("exit", () => {
  for (const [child, end] of alive) signal(child, end);
});
