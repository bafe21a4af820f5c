import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

export type StateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** A state, since when, and why. */
export interface AlarmState {
  value: StateValue;
  reason: string;
  /** JSON text. */
  reasonData: string | undefined;
  updatedAt: number;
  transitionedAt: number;
  /** What holds a composite alarm's actions back, and in which words. */
  suppressed?: { by: "WaitPeriod" | "ExtensionPeriod" | "Alarm"; reason: string } | undefined;
}

/** An alarm: what it was given, and the state it is in. */
export interface Alarm {
  name: string;
  arn: string;
  kind: "MetricAlarm" | "CompositeAlarm";
  /** Members of Put…Alarm as they were given. */
  metric: MetricAlarm | undefined;
  composite: CompositeAlarm | undefined;
  actionsEnabled: boolean;
  state: AlarmState;
  configuredAt: number;
  /** Sandbox time of the newest SetAlarmState. */
  setByHandAt: number | undefined;
  tags: Map<string, string>;
  /** Actions of the newest change of state that a suppressor holds back. */
  pending: { release: () => void; cancel: () => void } | undefined;
}

/** One line of an alarm's history. */
export interface HistoryItem {
  alarm: string;
  kind: Alarm["kind"];
  at: number;
  type: "StateUpdate" | "ConfigurationUpdate" | "Action";
  summary: string;
  data: string;
}

export const alarmsState = stateOf(() => ({
  alarms: new Map<string, Alarm>(),
  history: [] as HistoryItem[],
  dashboards: new Map<string, { body: string; changedAt: number }>(),
}));

export const alarmArn = (world: World, name: string) => world.arn("cloudwatch", `alarm:${name}`);

/** The name in a name or an ARN. */
export const nameIn = (alarm: string) => (alarm.startsWith("arn:") ? alarm.split(":alarm:").at(-1)! : alarm);

/** The alarm by name or ARN, if there is one. */
export const alarmNamed = (world: World, alarm: string): Alarm | undefined =>
  alarmsState(world).alarms.get(nameIn(alarm));

export const INITIAL_REASON = "Unchecked: Initial alarm creation";

/** Milliseconds and `+0000`, as CloudWatch writes instants in messages and reason data. */
export const instant = (at: number) => new Date(at).toISOString().replace("Z", "+0000");

export const validationError = (message: string) => new ServiceException("ValidationError", message);
