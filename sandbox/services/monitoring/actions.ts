import type { World } from "../../world.ts";
import { configurationOf } from "./configuration.ts";
import { type Alarm, alarmsState, instant } from "./state.ts";

const REGIONS: Record<string, string> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-2": "US West (Oregon)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-west-1": "EU (Ireland)",
};

interface Change {
  state: { value: string; reason: string; timestamp: string };
  previousState: { value: string; reason: string; timestamp: string };
}

/** Runs the actions of the state the alarm is now in: SNS topics and Lambda functions. */
export function runActions(world: World, alarm: Alarm, change: Change): void {
  const given = (alarm.metric ?? alarm.composite)!;
  const actions = { ALARM: given.AlarmActions, OK: given.OKActions, INSUFFICIENT_DATA: given.InsufficientDataActions }[alarm.state.value] ?? [];
  for (const action of actions) {
    run(world, alarm, action, change).then(
      () => record(world, alarm, `Successfully executed action ${action}`),
      (error: Error) => {
        record(world, alarm, `Failed to execute action ${action}. Received error: "${error.message}"`);
        world.log("alarm", `${alarm.name}: the action ${action} failed: ${error.message}`);
      },
    );
  }
}

async function run(world: World, alarm: Alarm, action: string, change: Change): Promise<void> {
  const service = action.split(":")[2];
  if (service === "sns") {
    await world.call({
      service: "sns",
      operation: "Publish",
      input: { TopicArn: action, Subject: `${alarm.state.value}: "${alarm.name}" in ${regionName(world)}`.slice(0, 100), Message: JSON.stringify(snsMessage(world, alarm, change)) },
      principal: { type: "service", service: "cloudwatch.amazonaws.com", sourceArn: alarm.arn },
    });
  } else if (service === "lambda") {
    const payload = {
      source: "aws.cloudwatch",
      alarmArn: alarm.arn,
      accountId: world.account,
      time: change.state.timestamp,
      region: world.region,
      alarmData: { alarmName: alarm.name, state: change.state, previousState: change.previousState, configuration: configurationOf(alarm) },
    };
    await world.call({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName: action, InvocationType: "Event", Payload: Buffer.from(JSON.stringify(payload)) },
      principal: { type: "service", service: "lambda.alarms.cloudwatch.amazonaws.com", sourceArn: alarm.arn },
    });
  } else throw new Error(`the sandbox's alarms have no action ${action}`);
}

const regionName = (world: World) => REGIONS[world.region] ?? world.region;

/** The message an alarm publishes to a topic, as AWS words it. */
function snsMessage(world: World, alarm: Alarm, change: Change): object {
  const given = (alarm.metric ?? alarm.composite)!;
  const base = {
    AlarmName: alarm.name,
    AlarmDescription: given.AlarmDescription ?? null,
    AWSAccountId: world.account,
    AlarmConfigurationUpdatedTimestamp: instant(alarm.configuredAt),
    NewStateValue: change.state.value,
    NewStateReason: change.state.reason,
    StateChangeTime: change.state.timestamp,
    Region: regionName(world),
    AlarmArn: alarm.arn,
    OldStateValue: change.previousState.value,
    OKActions: given.OKActions ?? [],
    AlarmActions: given.AlarmActions ?? [],
    InsufficientDataActions: given.InsufficientDataActions ?? [],
  };
  if (alarm.composite) {
    return { ...base, AlarmRule: alarm.composite.AlarmRule, TriggeringChildren: alarm.state.reasonData ? triggering(alarm.state.reasonData) : [] };
  }
  const metric = alarm.metric!;
  const statistic = metric.Statistic
    ? { StatisticType: "Statistic", Statistic: STATISTICS[metric.Statistic] ?? metric.Statistic.toUpperCase() }
    : metric.ExtendedStatistic
      ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: metric.ExtendedStatistic }
      : { Metrics: metric.Metrics };
  return {
    ...base,
    Trigger: {
      ...(metric.MetricName ? { MetricName: metric.MetricName, Namespace: metric.Namespace } : {}),
      ...statistic,
      ...(metric.MetricName ? { Unit: metric.Unit ?? null, Dimensions: (metric.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })) } : {}),
      Period: metric.Period,
      EvaluationPeriods: metric.EvaluationPeriods,
      ...(metric.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: metric.DatapointsToAlarm }),
      ComparisonOperator: metric.ComparisonOperator,
      Threshold: metric.Threshold,
      TreatMissingData: metric.TreatMissingData ?? "missing",
      EvaluateLowSampleCountPercentile: metric.EvaluateLowSampleCountPercentile ?? "",
    },
  };
}

const STATISTICS: Record<string, string> = { Average: "AVERAGE", Sum: "SUM", Minimum: "MINIMUM", Maximum: "MAXIMUM", SampleCount: "SAMPLE_COUNT" };

function triggering(reasonData: string): object[] {
  const { triggeringAlarms = [] } = JSON.parse(reasonData) as { triggeringAlarms?: { arn: string; state: object }[] };
  return triggeringAlarms.map(({ arn, state }) => ({ Arn: arn, State: state }));
}

function record(world: World, alarm: Alarm, summary: string): void {
  alarmsState(world).history.push({ alarm: alarm.name, kind: alarm.kind, at: world.clock.now(), type: "Action", summary, data: JSON.stringify({ actionState: summary.split(" ")[0] }) });
}
