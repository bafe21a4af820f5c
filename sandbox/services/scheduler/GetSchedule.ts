import type { GetScheduleCommandInput, GetScheduleOutput } from "@aws-sdk/client-scheduler";
import { operation } from "../../service.ts";
import { onSchedule } from "./authorize.ts";
import { scheduleNamed } from "./state.ts";

/** One schedule, whole. */
export const GetSchedule = operation<GetScheduleCommandInput, GetScheduleOutput>({
  authorize: (input, { world }) => [onSchedule(world, "GetSchedule", input)],
  run: (input, { world }) => {
    const { arn, given, group, name, createdAt, changedAt } = scheduleNamed(
      world,
      input.GroupName,
      input.Name,
    );
    const { ClientToken: _, ...rest } = given;
    return {
      ...rest,
      Arn: arn,
      Name: name,
      GroupName: group,
      ScheduleExpressionTimezone: given.ScheduleExpressionTimezone ?? "UTC",
      State: given.State ?? "ENABLED",
      ActionAfterCompletion: given.ActionAfterCompletion ?? "NONE",
      CreationDate: new Date(createdAt),
      LastModificationDate: new Date(changedAt),
    };
  },
});
