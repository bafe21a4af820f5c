import type { World } from "../../world.ts";
import { type Alarm, alarmNamed } from "./state.ts";

/** The alarm behind an ARN, if there is one. */
export const taggedAlarm = (world: World, arn: string | undefined): Alarm | undefined =>
  alarmNamed(world, arn ?? "");
