import type { Tag } from "@aws-sdk/client-cloudwatch";
import type { World } from "../../world.ts";
import { type Alarm, alarmArn, alarmsState, INITIAL_REASON } from "./state.ts";

/** Puts an alarm in place of the one of its name; state and tags of an existing one stay. */
export function putAlarm(
  world: World,
  name: string,
  kind: Alarm["kind"],
  given: Pick<Alarm, "metric" | "composite">,
  actionsEnabled: boolean,
  tags: Tag[] | undefined,
): void {
  const { alarms, history } = alarmsState(world);
  const old = alarms.get(name);
  const now = world.clock.now();
  alarms.set(name, {
    name,
    arn: alarmArn(world, name),
    kind,
    ...given,
    actionsEnabled,
    state: old?.state ?? { value: "INSUFFICIENT_DATA", reason: INITIAL_REASON, reasonData: undefined, updatedAt: now, transitionedAt: now },
    configuredAt: now,
    tags: old?.tags ?? new Map((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
  });
  const summary = `Alarm "${name}" ${old ? "updated" : "created"}`;
  history.push({ alarm: name, kind, at: now, type: "ConfigurationUpdate", summary, data: JSON.stringify({ version: "1.0", type: old ? "Update" : "Create" }) });
}
