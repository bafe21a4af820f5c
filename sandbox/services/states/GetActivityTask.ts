import type { GetActivityTaskCommandInput, GetActivityTaskCommandOutput } from "@aws-sdk/client-sfn";
import { operation, ServiceException } from "../../service.ts";
import { statesState } from "./state.ts";

const LONGEST_POLL = 60_000;

/** Hands a task to a worker; waits up to a minute for one. */
export const GetActivityTask = operation<
  GetActivityTaskCommandInput,
  Omit<GetActivityTaskCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:GetActivityTask", resources: [input.activityArn ?? "*"] }],
  run: async (input, { world }) => {
    const activity = statesState(world).activities.get(input.activityArn!);
    if (!activity)
      throw new ServiceException("ActivityDoesNotExist", `Activity Does Not Exist: '${input.activityArn}'`);
    const queued =
      activity.queue.shift() ??
      (await new Promise<(typeof activity.queue)[number] | undefined>((resolve) => {
        const worker = (task: (typeof activity.queue)[number]) => {
          cancel();
          resolve(task);
        };
        const cancel = world.clock.after(LONGEST_POLL, () => {
          activity.workers.splice(activity.workers.indexOf(worker), 1);
          resolve(undefined);
        });
        activity.workers.push(worker);
      }));
    if (!queued) return {};
    queued.started(input.workerName);
    return { taskToken: queued.token, input: queued.input };
  },
});
