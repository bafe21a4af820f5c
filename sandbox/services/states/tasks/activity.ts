import { StateFailure, Stopped } from "../../../states/failure.ts";
import type { TaskCall } from "../../../states/task-call.ts";
import type { World } from "../../../world.ts";
import { statesState } from "../state.ts";
import { awaitCallback } from "./callback.ts";

/** Queues a task for an activity's workers and waits for one of them to answer. */
export async function runActivity(world: World, task: TaskCall): Promise<unknown> {
  const activity = statesState(world).activities.get(task.resource);
  if (!activity) throw new StateFailure("States.Runtime", `The activity ${task.resource} does not exist`);
  const input = JSON.stringify(task.arguments ?? {});
  task.events.add("ActivityScheduled", {
    activityScheduledEventDetails: {
      resource: task.resource,
      input,
      inputDetails: { truncated: false },
      ...(task.timeoutSeconds === undefined ? {} : { timeoutInSeconds: task.timeoutSeconds }),
      ...(task.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: task.heartbeatSeconds }),
    },
  });
  const started = (workerName: string | undefined) =>
    task.events.add("ActivityStarted", { activityStartedEventDetails: { workerName } });
  const queued = { token: task.token, input, started };
  const worker = activity.workers.shift();
  if (worker) worker(queued);
  else activity.queue.push(queued);
  try {
    const output = await awaitCallback(world, task);
    task.events.add("ActivitySucceeded", {
      activitySucceededEventDetails: { output: JSON.stringify(output), outputDetails: { truncated: false } },
    });
    return output;
  } catch (problem) {
    if (problem instanceof Stopped || !(problem instanceof StateFailure)) throw problem;
    const details = { error: problem.error, cause: problem.causeText };
    if (problem.error === "States.Timeout")
      task.events.add("ActivityTimedOut", { activityTimedOutEventDetails: details });
    else task.events.add("ActivityFailed", { activityFailedEventDetails: details });
    throw problem;
  }
}
