import { createHash } from "node:crypto";
import type { Alarm } from "./state.ts";

/** An alarm's configuration as events and Lambda actions carry it. */
export function configurationOf({ metric, composite }: Alarm): object {
  if (composite) {
    return {
      ...(composite.AlarmDescription === undefined ? {} : { description: composite.AlarmDescription }),
      alarmRule: composite.AlarmRule,
      ...(composite.ActionsSuppressor
        ? { actionsSuppressor: composite.ActionsSuppressor, actionsSuppressorWaitPeriod: composite.ActionsSuppressorWaitPeriod, actionsSuppressorExtensionPeriod: composite.ActionsSuppressorExtensionPeriod }
        : {}),
    };
  }
  const description = metric!.AlarmDescription === undefined ? {} : { description: metric!.AlarmDescription };
  if (metric!.Metrics?.length) {
    return {
      ...description,
      metrics: metric!.Metrics.map(({ Id, Expression, Label, MetricStat: stat, ReturnData }) => ({
        id: Id,
        ...(Expression ? { expression: Expression } : {}),
        ...(Label ? { label: Label } : {}),
        ...(stat ? { metricStat: { metric: { namespace: stat.Metric!.Namespace, name: stat.Metric!.MetricName, dimensions: named(stat.Metric!.Dimensions) }, period: stat.Period, stat: stat.Stat } } : {}),
        returnData: ReturnData ?? true,
      })),
    };
  }
  const seed = createHash("sha256").update(metric!.AlarmArn ?? metric!.AlarmName!).digest("hex");
  const id = `${seed.slice(0, 8)}-${seed.slice(8, 12)}-${seed.slice(12, 16)}-${seed.slice(16, 20)}-${seed.slice(20, 32)}`;
  return {
    ...description,
    metrics: [
      {
        id,
        metricStat: {
          metric: { namespace: metric!.Namespace, name: metric!.MetricName, dimensions: named(metric!.Dimensions) },
          period: metric!.Period,
          stat: metric!.Statistic ?? metric!.ExtendedStatistic,
        },
        returnData: true,
      },
    ],
  };
}

const named = (dimensions: { Name?: string | undefined; Value?: string | undefined }[] | undefined) =>
  Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
