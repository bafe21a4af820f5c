import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { stateOf, type World } from "../../world.ts";

export type StateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm: what it was given, and the state it is in. */
export interface Alarm {
  name: string;
  arn: string;
  kind: "MetricAlarm" | "CompositeAlarm";
  /** Members of Put…Alarm as they were given. */
  metric: MetricAlarm | undefined;
  composite: CompositeAlarm | undefined;
  actionsEnabled: boolean;
  state: { value: StateValue; reason: string; reasonData: string | undefined; updatedAt: number; transitionedAt: number };
  configuredAt: number;
  tags: Map<string, string>;
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

export const INITIAL_REASON = "Unchecked: Initial alarm creation";

/** Milliseconds and `+0000`, as CloudWatch writes instants in messages and reason data. */
export const instant = (at: number) => new Date(at).toISOString().replace("Z", "+0000");
