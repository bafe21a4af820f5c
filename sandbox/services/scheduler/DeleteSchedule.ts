import type { DeleteScheduleCommandInput, DeleteScheduleOutput } from "@aws-sdk/client-scheduler";
import { operation } from "../../service.ts";
import { onSchedule } from "./authorize.ts";
import { keyOf, scheduleNamed, schedules } from "./state.ts";

/** Ends a schedule; what it has started goes on. */
export const DeleteSchedule = operation<DeleteScheduleCommandInput, DeleteScheduleOutput>({
  authorize: (input, { world }) => [onSchedule(world, "DeleteSchedule", input)],
  run: (input, { world }) => {
    scheduleNamed(world, input.GroupName, input.Name).cancel();
    schedules(world).delete(keyOf(input.GroupName, input.Name));
    return {};
  },
});
