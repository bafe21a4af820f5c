import type { CreateScheduleCommandInput, CreateScheduleOutput } from "@aws-sdk/client-scheduler";
import { operation, ServiceException } from "../../service.ts";
import { arm } from "./arm.ts";
import { onSchedule, passRole } from "./authorize.ts";
import { checkSchedule } from "./check.ts";
import { DEFAULT_GROUP, keyOf, type Schedule, scheduleArn, schedules } from "./state.ts";

/** Makes a schedule, which begins at once. */
export const CreateSchedule = operation<CreateScheduleCommandInput, CreateScheduleOutput>({
  authorize: (input, { world }) => [
    onSchedule(world, "CreateSchedule", input),
    passRole(input.Target?.RoleArn),
  ],
  run: async (input, { world }) => {
    await checkSchedule(world, input);
    const { Name: name = "", GroupName: group = DEFAULT_GROUP } = input;
    if (schedules(world).has(keyOf(group, name)))
      throw new ServiceException("ConflictException", `Schedule ${name} already exists.`, { status: 409 });
    const now = world.clock.now();
    const schedule: Schedule = {
      name,
      group,
      arn: scheduleArn(world, group, name),
      given: input,
      createdAt: now,
      changedAt: now,
      cancel: () => {},
    };
    schedules(world).set(keyOf(group, name), schedule);
    arm(world, schedule);
    return { ScheduleArn: schedule.arn };
  },
});
