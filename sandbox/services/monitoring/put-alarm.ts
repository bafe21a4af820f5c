import type { Tag } from "@aws-sdk/client-cloudwatch";
import type { World } from "../../world.ts";
import { type Alarm, alarmArn, alarmsState, INITIAL_REASON, validationError } from "./state.ts";

const LONGEST_NAME = 255;
const MOST_ACTIONS = 5;

/** Puts an alarm in place of the one of its name; state and tags of an existing one stay. */
export function putAlarm(
  world: World,
  name: string,
  given: Pick<Alarm, "metric" | "composite">,
  actionsEnabled: boolean,
  tags: Tag[] | undefined,
): { alarm: Alarm; created: boolean } {
  const { alarms, history } = alarmsState(world);
  const kind = given.composite ? "CompositeAlarm" : "MetricAlarm";
  const old = alarms.get(name);
  if (old && old.kind !== kind)
    throw validationError(`An alarm of type ${old.kind} with the name ${name} already exists`);
  const now = world.clock.now();
  const settings = { ...given, actionsEnabled, configuredAt: now };
  const alarm = old ? Object.assign(old, settings) : created(world, name, kind, settings, tags);
  alarms.set(name, alarm);
  const type = old ? "Update" : "Create";
  history.push({
    alarm: name,
    kind,
    at: now,
    type: "ConfigurationUpdate",
    summary: `Alarm "${name}" ${old ? "updated" : "created"}`,
    data: JSON.stringify({ version: "1.0", type, [old ? "updatedAlarm" : "createdAlarm"]: summaryOf(alarm) }),
  });
  return { alarm, created: !old };
}

function created(
  world: World,
  name: string,
  kind: Alarm["kind"],
  settings: Pick<Alarm, "metric" | "composite" | "actionsEnabled" | "configuredAt">,
  tags: Tag[] = [],
): Alarm {
  const now = settings.configuredAt;
  return {
    ...settings,
    name,
    kind,
    arn: alarmArn(world, name),
    state: {
      value: "INSUFFICIENT_DATA",
      reason: INITIAL_REASON,
      reasonData: undefined,
      updatedAt: now,
      transitionedAt: now,
    },
    setByHandAt: undefined,
    tags: new Map(tags.map(({ Key = "", Value = "" }) => [Key, Value])),
    pending: undefined,
  };
}

const summaryOf = ({ metric, composite, actionsEnabled, state }: Alarm) => ({
  ...Object.fromEntries(
    Object.entries(metric ?? composite!).map(([key, value]) => [key[0]!.toLowerCase() + key.slice(1), value]),
  ),
  actionsEnabled,
  stateValue: state.value,
});

/** Refuses a name or actions that no alarm may have. */
export function checkAlarm(name: string | undefined, actions: (string[] | undefined)[]): void {
  if (!name || name.length > LONGEST_NAME)
    throw validationError(
      `1 validation error detected: Value '${name ?? ""}' at 'alarmName' failed to satisfy constraint: Member must have length ` +
        `${name ? `less than or equal to ${LONGEST_NAME}` : "greater than or equal to 1"}`,
    );
  for (const list of actions) {
    if ((list?.length ?? 0) > MOST_ACTIONS)
      throw validationError(`The number of actions must not be greater than ${MOST_ACTIONS}`);
    for (const action of list ?? [])
      if (!action.startsWith("arn:")) throw validationError(`Invalid arn syntax: ${action}`);
  }
}
