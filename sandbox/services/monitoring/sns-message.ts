import type { Dimension, MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { World } from "../../world.ts";
import { type Alarm, instant } from "./state.ts";
import type { Change } from "./told.ts";

const REGIONS: Record<string, string> = {
  "af-south-1": "Africa (Cape Town)",
  "ap-east-1": "Asia Pacific (Hong Kong)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-northeast-2": "Asia Pacific (Seoul)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "ca-central-1": "Canada (Central)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-north-1": "EU (Stockholm)",
  "eu-south-1": "EU (Milan)",
  "eu-west-1": "EU (Ireland)",
  "eu-west-2": "EU (London)",
  "eu-west-3": "EU (Paris)",
  "sa-east-1": "South America (Sao Paulo)",
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
};

/** A region as CloudWatch's messages name it. */
export const regionName = (region: string) => REGIONS[region] ?? region;

/** What an alarm publishes to a topic, member by member as AWS sends it. */
export function snsMessage(world: World, alarm: Alarm, { state, previousState }: Change): object {
  const given = (alarm.metric ?? alarm.composite)!;
  return {
    AlarmName: alarm.name,
    AlarmDescription: given.AlarmDescription ?? null,
    ...(alarm.composite ? { AlarmRule: alarm.composite.AlarmRule } : {}),
    AWSAccountId: world.account,
    AlarmConfigurationUpdatedTimestamp: instant(alarm.configuredAt),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: state.timestamp,
    Region: regionName(world.region),
    AlarmArn: alarm.arn,
    OldStateValue: previousState.value,
    OKActions: given.OKActions ?? [],
    AlarmActions: given.AlarmActions ?? [],
    InsufficientDataActions: given.InsufficientDataActions ?? [],
    ActionExecutedAfterMuteWindow: false,
    ...(alarm.metric
      ? { Trigger: trigger(alarm.metric) }
      : { TriggeringChildren: triggeringChildren(state.reasonData) }),
  };
}

const STATISTICS: Record<string, string> = {
  Average: "AVERAGE",
  Sum: "SUM",
  Minimum: "MINIMUM",
  Maximum: "MAXIMUM",
  SampleCount: "SAMPLE_COUNT",
};

function trigger(metric: MetricAlarm): object {
  const rule = {
    Period: metric.Period,
    EvaluationPeriods: metric.EvaluationPeriods,
    ...(metric.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: metric.DatapointsToAlarm }),
    ComparisonOperator: metric.ComparisonOperator,
    Threshold: metric.Threshold,
    TreatMissingData: metric.TreatMissingData ?? "",
    EvaluateLowSampleCountPercentile: metric.EvaluateLowSampleCountPercentile ?? "",
  };
  if (metric.Metrics?.length) return { ...rule, Metrics: metric.Metrics.map(query) };
  const statistic = metric.Statistic
    ? { StatisticType: "Statistic", Statistic: STATISTICS[metric.Statistic] }
    : { StatisticType: "ExtendedStatistic", ExtendedStatistic: metric.ExtendedStatistic };
  return {
    MetricName: metric.MetricName,
    Namespace: metric.Namespace,
    ...statistic,
    Unit: metric.Unit ?? null,
    Dimensions: dimensions(metric.Dimensions),
    ...rule,
  };
}

const dimensions = (given: Dimension[] = []) =>
  given.map(({ Name, Value }) => ({ value: Value, name: Name }));

function query({ Id, Expression, Label, MetricStat, Period, ReturnData }: MetricDataQuery): object {
  return {
    ...(Expression === undefined ? {} : { Expression }),
    Id,
    ...(Label === undefined ? {} : { Label }),
    ...(Period === undefined ? {} : { Period }),
    ...(MetricStat
      ? {
          MetricStat: {
            Metric: {
              Dimensions: dimensions(MetricStat.Metric?.Dimensions),
              MetricName: MetricStat.Metric?.MetricName,
              Namespace: MetricStat.Metric?.Namespace,
            },
            Period: MetricStat.Period,
            Stat: MetricStat.Stat,
            ...(MetricStat.Unit ? { Unit: MetricStat.Unit } : {}),
          },
        }
      : {}),
    ReturnData: ReturnData ?? true,
  };
}

function triggeringChildren(reasonData: string | undefined): object[] {
  const { triggeringAlarms = [] } = JSON.parse(reasonData ?? "{}") as {
    triggeringAlarms?: { arn: string; state: { value: string; timestamp: string } }[];
  };
  return triggeringAlarms.map(({ arn, state }) => ({
    Arn: arn,
    State: { Value: state.value, Timestamp: state.timestamp },
  }));
}
