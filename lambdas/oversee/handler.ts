import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { clientSettings, once } from "../runtime/clients.ts";
import { runsSince } from "../runtime/history.ts";
import { OWN_NAMESPACE, UNANSWERED } from "../runtime/names.ts";
import { readRamp } from "../runtime/ramp.ts";
import { serve } from "../runtime/serve.ts";
import { answersOf, unanswered } from "./unanswered.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));

/**
 * The watchdog of the watchdog: every few minutes it counts the alarms that rang and that no run answered, as a metric
 * with an alarm to a person on it. It shares nothing with the path from alarm to run but the table.
 */
export const handler = serve("oversee", async (_: unknown, { tableName, now }) => {
  const service = process.env["SERVICE"]!;
  const AlarmNames = JSON.parse(process.env["ACTING_ALARMS"] ?? "[]") as string[];
  const allowed = Number(process.env["UNANSWERED_SECONDS"]) * 1000;
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch().send(
    new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
  );
  const alarms = [...MetricAlarms, ...CompositeAlarms].map((alarm) => ({
    name: alarm.AlarmName!,
    state: alarm.StateValue!,
    since: alarm.StateTransitionedTimestamp?.getTime() ?? now(),
  }));
  const oldest = Math.min(now(), ...alarms.map(({ since }) => since));
  const runs = await runsSince(tableName, service, oldest - 3_600_000, { dryRuns: true });
  // Only where the plan has a ramp: the one that went back a step for an alarm has answered it.
  const ramp = process.env["RAMPS"] ? await readRamp(tableName, service) : undefined;
  const found = unanswered(alarms, [...runs, ...answersOf(ramp, now(), allowed)], now(), allowed);
  await cloudwatch().send(
    new PutMetricDataCommand({
      Namespace: OWN_NAMESPACE,
      MetricData: [
        {
          MetricName: UNANSWERED,
          Dimensions: [{ Name: "Service", Value: service }],
          Value: found.length,
          Timestamp: new Date(now()),
        },
      ],
    }),
  );
  return { unanswered: found.map(({ name }) => name) };
});
