import type { UpdateScheduleCommandInput, UpdateScheduleOutput } from "@aws-sdk/client-scheduler";
import { operation } from "../../service.ts";
import { arm } from "./arm.ts";
import { onSchedule, passRole } from "./authorize.ts";
import { checkSchedule } from "./check.ts";
import { scheduleNamed } from "./state.ts";

/** Puts another schedule in its place: what is not given is the default again, not what it was. */
export const UpdateSchedule = operation<UpdateScheduleCommandInput, UpdateScheduleOutput>({
  authorize: (input, { world }) => [
    onSchedule(world, "UpdateSchedule", input),
    passRole(input.Target?.RoleArn),
  ],
  run: async (input, { world }) => {
    const schedule = scheduleNamed(world, input.GroupName, input.Name);
    await checkSchedule(world, input);
    schedule.cancel();
    schedule.given = input;
    schedule.changedAt = world.clock.now();
    arm(world, schedule);
    return { ScheduleArn: schedule.arn };
  },
});
