import type { Authorization } from "../../service.ts";
import type { World } from "../../world.ts";
import { scheduleArn } from "./state.ts";

/** A call on one schedule. */
export const onSchedule = (
  world: World,
  action: string,
  { GroupName, Name }: { GroupName?: string | undefined; Name: string | undefined },
): Authorization => ({ action: `scheduler:${action}`, resources: [scheduleArn(world, GroupName, Name)] });

/** Who makes a schedule hands its execution role on. */
export const passRole = (roleArn: string | undefined): Authorization => ({
  action: "iam:PassRole",
  resources: [roleArn ?? "*"],
  context: { "iam:PassedToService": "scheduler.amazonaws.com" },
});
