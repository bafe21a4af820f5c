import type { Service } from "../../service.ts";
import { CreateSchedule } from "./CreateSchedule.ts";
import { DeleteSchedule } from "./DeleteSchedule.ts";
import { GetSchedule } from "./GetSchedule.ts";
import { ListSchedules } from "./ListSchedules.ts";
import { schedules } from "./state.ts";
import { UpdateSchedule } from "./UpdateSchedule.ts";

/** Amazon EventBridge Scheduler. */
export const scheduler: Service = {
  name: "scheduler",
  client: () => import("@aws-sdk/client-scheduler"),
  operations: { CreateSchedule, DeleteSchedule, GetSchedule, ListSchedules, UpdateSchedule },
  start: (world) => {
    world.onStop(() => {
      for (const schedule of schedules(world).values()) schedule.cancel();
    });
  },
};
