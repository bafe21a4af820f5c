import { boolean, defined, number, type Properties, resourceType } from "../resource.ts";

function numbers(properties: Properties): object {
  const metrics = properties["Metrics"] as
    | { Period?: unknown; ReturnData?: unknown; MetricStat?: { Period?: unknown } }[]
    | undefined;
  return defined({
    Period: number(properties["Period"]),
    EvaluationPeriods: number(properties["EvaluationPeriods"]),
    DatapointsToAlarm: number(properties["DatapointsToAlarm"]),
    Threshold: number(properties["Threshold"]),
    ActionsEnabled: boolean(properties["ActionsEnabled"]),
    Metrics: metrics?.map(({ Period, ReturnData, MetricStat, ...metric }) => ({
      ...metric,
      ...defined({
        Period: number(Period),
        ReturnData: boolean(ReturnData),
        MetricStat: MetricStat ? { ...MetricStat, Period: number(MetricStat.Period) } : undefined,
      }),
    })),
  });
}

/** A metric alarm. An update keeps its state. */
export const cloudWatchAlarm = resourceType({
  uses: [
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "OKActions",
    "AlarmActions",
    "InsufficientDataActions",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "Metrics",
    "ThresholdMetricId",
    "Tags",
  ],
  replacedBy: ["AlarmName"],
  create: async (properties, context) => {
    const AlarmName = (properties["AlarmName"] as string | undefined) ?? context.physicalName(255);
    await context.call("monitoring", "PutMetricAlarm", { ...properties, ...numbers(properties), AlarmName });
    return {
      physicalId: AlarmName,
      attributes: { Arn: context.world.arn("cloudwatch", `alarm:${AlarmName}`) },
    };
  },
  update: async ({ Tags: _, ...properties }, { call }, { made }) => {
    await call("monitoring", "PutMetricAlarm", {
      ...properties,
      ...numbers(properties),
      AlarmName: made.physicalId,
    });
    return made;
  },
  delete: async ({ physicalId }, { call }) => {
    await call("monitoring", "DeleteAlarms", { AlarmNames: [physicalId] });
  },
});
