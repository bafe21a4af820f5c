import { StateFailure } from "../../../states/failure.ts";
import type { TaskCall } from "../../../states/task-call.ts";
import type { World } from "../../../world.ts";
import { statesState } from "../state.ts";

/** Waits until the task's token is answered, its heartbeat is missed, or its time is over (sandbox time). */
export function awaitCallback(world: World, task: TaskCall): Promise<unknown> {
  const { waiting, spent } = statesState(world);
  return new Promise((resolve, reject) => {
    const cancels: (() => void)[] = [];
    let cancelHeartbeat = () => {};
    const settle = (act: () => void) => {
      waiting.delete(task.token);
      spent.add(task.token);
      cancelHeartbeat();
      for (const cancel of cancels) cancel();
      task.signal.removeEventListener("abort", stopped);
      act();
    };
    const stopped = () => settle(() => reject(task.signal.reason));
    task.signal.addEventListener("abort", stopped, { once: true });
    const heartbeat = () => {
      cancelHeartbeat();
      if (task.heartbeatSeconds === undefined) return;
      const missed = () => settle(() => reject(new StateFailure("States.Timeout")));
      cancelHeartbeat = world.clock.after(task.heartbeatSeconds * 1000, missed);
    };
    heartbeat();
    if (task.timeoutSeconds !== undefined)
      cancels.push(
        world.clock.after(task.timeoutSeconds * 1000, () =>
          settle(() => reject(new StateFailure("States.Timeout"))),
        ),
      );
    waiting.set(task.token, {
      succeed: (output) => settle(() => resolve(output)),
      fail: (error, cause) => settle(() => reject(new StateFailure(error, cause))),
      heartbeat,
    });
  });
}
