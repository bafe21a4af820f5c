import type { PutMetricAlarmCommandInput, PutMetricAlarmCommandOutput } from "@aws-sdk/client-cloudwatch";
import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { putAlarm } from "./put-alarm.ts";
import { alarmArn } from "./state.ts";

/** Makes or changes a metric alarm; a changed one keeps its state. */
export const PutMetricAlarm = operation<PutMetricAlarmCommandInput, Omit<PutMetricAlarmCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [{ action: "cloudwatch:PutMetricAlarm", resources: [alarmArn(world, input.AlarmName ?? "*")] }],
  run: (input, { world }) => {
    const { Tags, ...metric } = input;
    if (!metric.Metrics?.length && !metric.MetricName)
      throw new ServiceException("ValidationError", "At least one of the parameters MetricName or Metrics must be specified.");
    if (metric.DatapointsToAlarm !== undefined && metric.DatapointsToAlarm > metric.EvaluationPeriods!)
      throw new ServiceException("ValidationError", "The parameter DatapointsToAlarm should be less than or equal to EvaluationPeriods.");
    if (metric.Period !== undefined && ![10, 20, 30].includes(metric.Period) && metric.Period % 60 !== 0)
      throw new ServiceException("ValidationError", "Period must be 10, 20, 30 or a multiple of 60");
    putAlarm(world, input.AlarmName!, "MetricAlarm", { metric: metric as MetricAlarm, composite: undefined }, input.ActionsEnabled ?? true, Tags);
    return {};
  },
});
