import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { LambdaAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { alarmName } from "./plan/criteria.ts";
import { seconds } from "./plan/duration.ts";
import type { Plan } from "./plan/schema.ts";
import { comparison } from "./plan/threshold.ts";

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

/** An alarm for each metric criterion, by trigger id. It calls the trigger function directly: the first of the two paths. */
export function addAlarms(scope: Construct, plan: Plan, trigger: IFunction): Map<string, Alarm> {
  return new Map(
    plan.triggers.map((criterion) => {
      const { operator, value } = comparison(criterion.threshold);
      const period = seconds(criterion.metric.period);
      const evaluationPeriods = seconds(criterion.for) / period;
      const alarm = new Alarm(scope, `Alarm-${criterion.id}`, {
        alarmName: alarmName(plan, criterion.id),
        alarmDescription: `${criterion.decision} (${criterion.level}) when ${criterion.metric.name} ${criterion.threshold} for ${criterion.for}${criterion.runbook ? `, runbook ${criterion.runbook}` : ""}`,
        metric: new Metric({
          namespace: criterion.metric.namespace,
          metricName: criterion.metric.name,
          statistic: criterion.metric.statistic,
          period: Duration.seconds(period),
          ...(criterion.metric.dimensions ? { dimensionsMap: criterion.metric.dimensions } : {}),
        }),
        comparisonOperator: OPERATORS[operator],
        threshold: value,
        evaluationPeriods,
        datapointsToAlarm: evaluationPeriods,
        treatMissingData: MISSING[criterion.missing],
      });
      // Adds the permission for the alarm service, limited to this alarm of this account.
      alarm.addAlarmAction(new LambdaAction(trigger, { useUniquePermissionId: true }));
      return [criterion.id, alarm];
    }),
  );
}
