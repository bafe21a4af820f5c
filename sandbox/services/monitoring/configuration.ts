import { createHash } from "node:crypto";
import type { Dimension, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { Alarm } from "./state.ts";

/** An alarm's configuration as events and Lambda actions carry it. */
export function configurationOf({ arn, metric, composite }: Alarm): object {
  const { AlarmDescription } = (metric ?? composite)!;
  const description = AlarmDescription === undefined ? {} : { description: AlarmDescription };
  if (composite) {
    const { AlarmRule, ActionsSuppressor, ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod } =
      composite;
    return {
      ...description,
      alarmRule: AlarmRule,
      ...(ActionsSuppressor
        ? {
            actionsSuppressor: ActionsSuppressor,
            actionsSuppressorWaitPeriod: ActionsSuppressorWaitPeriod,
            actionsSuppressorExtensionPeriod: ActionsSuppressorExtensionPeriod,
          }
        : {}),
    };
  }
  if (metric!.Metrics?.length) return { ...description, metrics: metric!.Metrics.map(query) };
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit } = metric!;
  const only = {
    Id: idOf(arn),
    MetricStat: {
      Metric: { Namespace, MetricName, Dimensions },
      Period,
      Stat: Statistic ?? ExtendedStatistic,
      Unit,
    },
  };
  return { ...description, metrics: [query(only)] };
}

function query({ Id, Expression, Label, MetricStat: stat, Period, ReturnData }: MetricDataQuery): object {
  return {
    id: Id,
    ...(Expression ? { expression: Expression } : {}),
    ...(Label ? { label: Label } : {}),
    ...(Period ? { period: Period } : {}),
    ...(stat
      ? {
          metricStat: {
            metric: {
              namespace: stat.Metric?.Namespace,
              name: stat.Metric?.MetricName,
              dimensions: named(stat.Metric?.Dimensions),
            },
            period: stat.Period,
            stat: stat.Stat,
            ...(stat.Unit ? { unit: stat.Unit } : {}),
          },
        }
      : {}),
    returnData: ReturnData ?? true,
  };
}

/** AWS gives the one metric of an alarm an id; here the alarm always has the same. */
function idOf(arn: string): string {
  const seed = createHash("sha256").update(arn).digest("hex");
  return [
    seed.slice(0, 8),
    seed.slice(8, 12),
    seed.slice(12, 16),
    seed.slice(16, 20),
    seed.slice(20, 32),
  ].join("-");
}

const named = (dimensions: Dimension[] = []) =>
  Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
