import { type Clock, waits } from "./clock.ts";

/**
 * A clock on which waiting takes no time: it jumps to the next timer as soon as nothing else is to be done. For what
 * has no real work in it (an execution whose tasks are answered at once); a process would be left behind.
 */
export function virtualClock(start = Date.UTC(2026, 0, 8, 10)): Clock {
  let now = start;
  let armed = false;
  const timers: { due: number; call: () => void }[] = [];
  const arm = () => {
    if (armed || timers.length === 0) return;
    armed = true;
    // Twice: what the last timer set going may itself still be about to wait.
    setImmediate(() => setImmediate(jump));
  };
  const jump = () => {
    armed = false;
    timers.sort((left, right) => left.due - right.due);
    const next = timers.shift();
    if (!next) return;
    now = Math.max(now, next.due);
    next.call();
    arm();
  };
  const after = (milliseconds: number, call: () => void) => {
    const timer = { due: now + Math.max(0, milliseconds), call };
    timers.push(timer);
    arm();
    return () => {
      const at = timers.indexOf(timer);
      if (at >= 0) timers.splice(at, 1);
    };
  };
  return {
    speed: 1,
    origin: start,
    now: () => now,
    after,
    ...waits(after),
    toMachine: (milliseconds) => milliseconds,
    fromMachine: (milliseconds) => milliseconds,
    workMilliseconds: (seconds) => seconds * 1000,
  };
}
