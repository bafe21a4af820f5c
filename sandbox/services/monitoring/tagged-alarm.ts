import type { World } from "../../world.ts";
import { type Alarm, alarmsState } from "./state.ts";

/** The alarm behind an ARN, if there is one. */
export const taggedAlarm = (world: World, arn: string | undefined): Alarm | undefined => alarmsState(world).alarms.get(arn?.split(":alarm:").at(-1) ?? "");
