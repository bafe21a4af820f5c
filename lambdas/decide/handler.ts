import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type AlarmReading, decide } from "../../lib/plan/decide.ts";
import { clientSettings, once } from "../runtime/clients.ts";
import type { DecideEvent, Decision } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));

/** Reads the plan's alarms once more and lets the pure function decide. */
export const handler = serve("decide", async ({ run, plan }: DecideEvent, { now }): Promise<Decision> => {
  const { MetricAlarms = [] } = await cloudwatch().send(
    new DescribeAlarmsCommand({
      AlarmNames: plan.criteria.map(({ alarm }) => alarm),
      AlarmTypes: ["MetricAlarm"],
    }),
  );
  const alarms = MetricAlarms.map(
    (alarm): AlarmReading => ({
      alarm: alarm.AlarmName!,
      state: alarm.StateValue!,
      since: alarm.StateTransitionedTimestamp?.toISOString() ?? "",
      reason: (alarm.StateReason ?? "").slice(0, 500),
      windowSeconds: (alarm.Period ?? 0) * (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 0),
      actionsEnabled: alarm.ActionsEnabled ?? true,
    }),
  );
  return decide({
    criteria: plan.criteria,
    alarms,
    trigger: run.trigger,
    ...(run.deployment ? { deployment: run.deployment } : {}),
    deploymentWindowSeconds: plan.deploymentWindowSeconds,
    levels: plan.levels,
    now: new Date(now()).toISOString(),
  });
});
