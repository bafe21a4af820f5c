import { StateFailure, Stopped } from "../../../states/failure.ts";
import type { TaskCall } from "../../../states/task-call.ts";
import type { World } from "../../../world.ts";

/**
 * The task's own deadline. Work that runs on this machine gets machine time (`clock.workMilliseconds`), waiting
 * for something else gets sandbox time.
 */
export function withDeadline<Value>(
  world: World,
  task: TaskCall,
  work: Promise<Value>,
  isRealWork: boolean,
): Promise<Value> {
  const { timeoutSeconds, signal } = task;
  return new Promise<Value>((resolve, reject) => {
    const stopped = () => reject(signal.reason instanceof Error ? signal.reason : new Stopped("ABORTED"));
    signal.addEventListener("abort", stopped, { once: true });
    const expired = () => reject(new StateFailure("States.Timeout"));
    const sandboxMilliseconds =
      timeoutSeconds === undefined
        ? undefined
        : isRealWork
          ? world.clock.workMilliseconds(timeoutSeconds) * world.clock.speed
          : timeoutSeconds * 1000;
    const cancel =
      sandboxMilliseconds === undefined ? () => undefined : world.clock.after(sandboxMilliseconds, expired);
    work.then(resolve, reject).finally(() => {
      cancel();
      signal.removeEventListener("abort", stopped);
    });
  });
}
