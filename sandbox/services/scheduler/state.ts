import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** A schedule as it was given, with what the service adds. */
export interface Schedule {
  name: string;
  group: string;
  arn: string;
  given: CreateScheduleCommandInput;
  createdAt: number;
  changedAt: number;
  /** Ends the wait for its next time. */
  cancel: () => void;
}

export const DEFAULT_GROUP = "default";

/** By `<group>/<name>`. */
export const schedules = stateOf(() => new Map<string, Schedule>());

/** Ends retries when the sandbox stops. */
export const stopped = stateOf((world) => {
  const controller = new AbortController();
  world.onStop(() => controller.abort(new Error("the sandbox stopped")));
  return controller.signal;
});

export const scheduleArn = (world: World, group: string | undefined, name: string | undefined) =>
  world.arn("scheduler", `schedule/${group ?? DEFAULT_GROUP}/${name ?? "*"}`);

export const groupArn = (world: World, group: string) => world.arn("scheduler", `schedule-group/${group}`);

export const keyOf = (group: string | undefined, name: string | undefined) =>
  `${group ?? DEFAULT_GROUP}/${name ?? ""}`;

/** The schedule, or ResourceNotFound as the service words it. */
export function scheduleNamed(world: World, group: string | undefined, name: string | undefined): Schedule {
  const found = schedules(world).get(keyOf(group, name));
  if (!found)
    throw new ServiceException("ResourceNotFoundException", `Schedule ${name} does not exist.`, {
      status: 404,
    });
  return found;
}
