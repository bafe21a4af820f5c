import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { LambdaAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { BASELINE, OWN_NAMESPACE } from "../lambdas/runtime/names.ts";
import { alarmName } from "./plan/criteria.ts";
import { seconds } from "./plan/duration.ts";
import type { Plan } from "./plan/schema.ts";
import { comparison, isBaseline, isDeviation } from "./plan/threshold.ts";
import { conditionText, isComposite, isMetric, type MetricTrigger } from "./plan/trigger-kind.ts";

const OPERATORS = {
  ">": ComparisonOperator.GREATER_THAN_THRESHOLD,
  ">=": ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  "<": ComparisonOperator.LESS_THAN_THRESHOLD,
  "<=": ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
};

const MISSING = {
  breaching: TreatMissingData.BREACHING,
  notBreaching: TreatMissingData.NOT_BREACHING,
  ignore: TreatMissingData.IGNORE,
  missing: TreatMissingData.MISSING,
};

/**
 * An alarm for each criterion that is no event, by trigger id: on a metric, on a metric relative to its baseline, or on
 * other alarms. Each calls the trigger function directly: the first of the two paths.
 */
export function addAlarms(scope: Construct, plan: Plan, trigger: IFunction): Map<string, AlarmBase> {
  const { service } = plan;
  const alarms = new Map<string, AlarmBase>();
  for (const criterion of plan.triggers.filter(isMetric)) {
    const { operator, value } = comparison(criterion.threshold);
    const evaluationPeriods = seconds(criterion.for) / seconds(criterion.metric.period);
    alarms.set(
      criterion.id,
      new Alarm(scope, `Alarm-${criterion.id}`, {
        alarmName: alarmName(plan, criterion.id),
        alarmDescription: `${criterion.decision} (${criterion.level}) when ${criterion.metric.name} ${conditionText(criterion)} for ${criterion.for}${criterion.runbook ? `, runbook ${criterion.runbook}` : ""}`,
        metric: measured(service, criterion),
        comparisonOperator: OPERATORS[operator],
        threshold: value,
        evaluationPeriods,
        datapointsToAlarm: evaluationPeriods,
        treatMissingData: MISSING[criterion.missing],
      }),
    );
  }
  for (const criterion of plan.triggers.filter(isComposite))
    alarms.set(
      criterion.id,
      new CompositeAlarm(scope, `Alarm-${criterion.id}`, {
        compositeAlarmName: alarmName(plan, criterion.id),
        alarmDescription: `${criterion.decision} (${criterion.level}) when ${conditionText(criterion)}${criterion.runbook ? `, runbook ${criterion.runbook}` : ""}`,
        alarmRule: AlarmRule.allOf(
          ...criterion.all.map((id) => AlarmRule.fromAlarm(alarms.get(id)!, AlarmState.ALARM)),
        ),
      }),
    );
  // Adds the permission for the alarm service, limited to this alarm of this account.
  for (const alarm of alarms.values())
    alarm.addAlarmAction(new LambdaAction(trigger, { useUniquePermissionId: true }));
  return alarms;
}

/** What a criterion's alarm compares: the metric, without periods of too few requests, against its baseline. */
function measured(service: string, { id, metric, threshold, minimum, percentOf }: MetricTrigger): IMetric {
  const period = Duration.seconds(seconds(metric.period));
  const metricOf = ({ namespace, name, statistic, dimensions }: Omit<MetricTrigger["metric"], "period">) =>
    new Metric({
      namespace,
      metricName: name,
      statistic,
      period,
      ...(dimensions ? { dimensionsMap: dimensions } : {}),
    });
  const own = metricOf(metric);
  if (!minimum && !percentOf && !isBaseline(threshold)) return own;
  // Ids are unique among all alarms: the dashboard draws several in one graph.
  const [value, baseline, deviation, requests, whole] = [
    "value",
    "baseline",
    "deviation",
    "requests",
    "whole",
  ].map((name) => `${name}_${id.replaceAll("-", "_")}`) as [string, string, string, string, string];
  const usual = (metricName: string) =>
    new Metric({
      namespace: OWN_NAMESPACE,
      metricName,
      dimensionsMap: { Service: service, Trigger: id },
      statistic: "Average",
      period,
    });
  const usingMetrics: Record<string, IMetric> = { [value]: own };
  let expression = value;
  if (isBaseline(threshold)) {
    usingMetrics[baseline] = usual(BASELINE.mean);
    expression = `100 * ${value} / FILL(${baseline}, REPEAT)`;
  }
  if (isDeviation(threshold)) {
    usingMetrics[deviation] = usual(BASELINE.deviation);
    expression = `(${value} - FILL(${baseline}, REPEAT)) / FILL(${deviation}, REPEAT)`;
  }
  if (percentOf) {
    usingMetrics[whole] = metricOf(percentOf);
    // A count of errors is not reported while there is none; where there is no whole either, nothing is known.
    expression = `100 * FILL(${value}, 0) / ${whole}`;
  }
  if (minimum) {
    usingMetrics[requests] = metricOf(minimum.metric);
    expression = `IF(FILL(${requests}, 0) >= ${minimum.count}, ${expression})`;
  }
  return new MathExpression({
    expression,
    usingMetrics,
    period,
    label: `${metric.name}${percentOf ? `, percent of ${percentOf.name},` : ""} of ${service}`,
  });
}
