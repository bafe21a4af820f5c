const MachineDate = globalThis.Date;

/** Machine time, epoch milliseconds: deadlines of real work are kept in it. */
export const machineNow: () => number = MachineDate.now.bind(MachineDate);

/**
 * Makes `Date` follow the sandbox's clock, which it returns (epoch milliseconds). Timers and `performance` stay the
 * machine's: work takes the time it takes.
 */
export function installClock({ origin, speed }: { origin: number; speed: number }): () => number {
  const now = () => Math.floor(origin + (machineNow() - origin) * speed);
  const SandboxDate = function (this: unknown, ...parts: unknown[]): unknown {
    if (!new.target) return new MachineDate(now()).toString();
    const given = parts.length === 0 ? [now()] : parts;
    return Reflect.construct(MachineDate, given, new.target);
  };
  Object.defineProperty(SandboxDate, "name", { value: "Date" });
  Object.defineProperty(SandboxDate, "length", { value: 7 });
  Object.setPrototypeOf(SandboxDate, MachineDate);
  SandboxDate.prototype = MachineDate.prototype;
  Object.defineProperty(SandboxDate, "now", { value: now, writable: true, configurable: true });
  // `x.constructor` and `instanceof` both have to mean the same Date.
  MachineDate.prototype.constructor = SandboxDate as unknown as DateConstructor;
  globalThis.Date = SandboxDate as unknown as DateConstructor;
  return now;
}
