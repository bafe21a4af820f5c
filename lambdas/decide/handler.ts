import {
  CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { type AlarmReading, decide } from "../../lib/plan/decide.ts";
import { clientSettings, once } from "../runtime/clients.ts";
import type { DecideEvent, Decision } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));

/** Reads the plan's alarms once more and lets the pure function decide. */
export const handler = serve("decide", async ({ run, plan }: DecideEvent, { now }): Promise<Decision> => {
  const names = plan.criteria.flatMap(({ alarm }) => alarm ?? []);
  const alarms = names.length > 0 ? await readings(names) : [];
  return decide({
    criteria: plan.criteria,
    alarms,
    trigger: run.trigger,
    ...(run.deployment ? { deployment: run.deployment } : {}),
    deploymentWindowSeconds: plan.deploymentWindowSeconds,
    ...(plan.hotfixSeconds === undefined ? {} : { hotfixSeconds: plan.hotfixSeconds }),
    levels: plan.levels,
    migrationSafeLevels: plan.migrationSafeLevels,
    now: new Date(now()).toISOString(),
  });
});

async function readings(AlarmNames: string[]): Promise<AlarmReading[]> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch().send(
    new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
  );
  return [
    ...MetricAlarms.map((alarm) => ({ ...reading(alarm), windowSeconds: windowOf(alarm) })),
    ...CompositeAlarms.map(reading),
  ];
}

const reading = (alarm: MetricAlarm | CompositeAlarm): AlarmReading => ({
  alarm: alarm.AlarmName!,
  state: alarm.StateValue!,
  since: alarm.StateTransitionedTimestamp?.toISOString() ?? "",
  reason: (alarm.StateReason ?? "").slice(0, 500),
  actionsEnabled: alarm.ActionsEnabled ?? true,
});

/** Seconds an alarm looks at; one on an expression has the period of its metrics. */
function windowOf(alarm: MetricAlarm): number {
  const periods = (alarm.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Period ?? []);
  const period = alarm.Period ?? Math.max(0, ...periods);
  return period * (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 0);
}
