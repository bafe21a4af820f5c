const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A person or the system asked a command to stop. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}`);
    this.name = "Interrupted";
    this.signal = signal;
  }
}

/**
 * Calls `stop` at the first Ctrl-C, SIGTERM or closed terminal. Further ones only hear that it is at it: a second,
 * impatient Ctrl-C must not leave half of it running.
 */
export function onInterrupt(stop: (interrupted: Interrupted) => void): void {
  let asked = false;
  for (const signal of SIGNALS)
    process.on(signal, () => {
      if (asked) process.stderr.write("Still stopping …\n");
      else stop(new Interrupted(signal));
      asked = true;
    });
  // The terminal is gone: there is nobody to tell, and what is running has to be stopped all the same.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
}
