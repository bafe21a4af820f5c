/**
 * The sandbox's one clock.
 *
 * All times are epoch milliseconds in *sandbox time*, which runs `speed` times as fast as the machine's
 * clock from a common origin. Everything that leaves the sandbox is in sandbox time; only PostgreSQL's
 * WAL and the machine's own logs are not, and `toMachine` maps between the two.
 */
export interface Clock {
  /** Sandbox milliseconds for each machine millisecond. */
  readonly speed: number;
  /** Machine time at which sandbox and machine time were equal, epoch milliseconds. */
  readonly origin: number;
  /** Now, epoch milliseconds, sandbox time. */
  now(): number;
  /** Resolves after `milliseconds` of sandbox time; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` once after `milliseconds` of sandbox time; the returned function cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls `callback` every `milliseconds` of sandbox time until cancelled; a late tick is not repeated. */
  every(milliseconds: number, callback: () => void): () => void;
  /** Sandbox epoch milliseconds → machine epoch milliseconds. */
  toMachine(sandboxMilliseconds: number): number;
  /** Machine epoch milliseconds → sandbox epoch milliseconds. */
  fromMachine(machineMilliseconds: number): number;
  /**
   * A deadline for work that really runs on this machine (a function's process, a query): machine
   * milliseconds allowed for `seconds` of configured time. Work is as slow here as it is; at 60× a
   * 30-second timeout must not become half a second.
   */
  workMilliseconds(seconds: number): number;
}

/** How much faster than configured a deadline on real work may run out, whatever the speed. */
const WORK_SPEED_LIMIT = 6;

/** Sleeping and ticking, made of a clock's one timer. */
export function waits(after: Clock["after"]): Pick<Clock, "sleep" | "every"> {
  return {
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          cancel();
          reject(signal?.reason);
        };
        const cancel = after(milliseconds, () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        });
        signal?.addEventListener("abort", stop, { once: true });
      }),
    every: (milliseconds, callback) => {
      let cancel = () => {};
      const arm = () => {
        cancel = after(milliseconds, () => {
          arm();
          callback();
        });
      };
      arm();
      return () => cancel();
    },
  };
}

/** A clock that follows the machine's clock, `speed` times as fast (1 = real time). */
export function machineClock(speed = 1, origin = Date.now()): Clock {
  const now = () => origin + (Date.now() - origin) * speed;
  // setTimeout counts in 32 bits; a longer wait is taken in pieces.
  const LONGEST = 2_000_000_000;
  const after = (milliseconds: number, callback: () => void): (() => void) => {
    const due = now() + Math.max(0, milliseconds);
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = (due - now()) / speed;
      if (left <= 0) timer = setTimeout(callback, 0);
      else if (left > LONGEST) timer = setTimeout(arm, LONGEST);
      else timer = setTimeout(callback, Math.ceil(left));
    };
    arm();
    return () => clearTimeout(timer);
  };
  return {
    speed,
    origin,
    now,
    after,
    ...waits(after),
    toMachine: (sandbox) => origin + (sandbox - origin) / speed,
    fromMachine: (machine) => origin + (machine - origin) * speed,
    workMilliseconds: (seconds) => (seconds * 1000) / Math.min(speed, WORK_SPEED_LIMIT),
  };
}
