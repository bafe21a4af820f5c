import type {
  MetricAlarm,
  PutMetricAlarmCommandInput,
  PutMetricAlarmCommandOutput,
} from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { checkQueries } from "./check-queries.ts";
import { checkAlarm, putAlarm } from "./put-alarm.ts";
import { alarmArn, validationError } from "./state.ts";
import { statisticNamed } from "./statistics.ts";

const TREATMENTS = ["breaching", "notBreaching", "ignore", "missing"];
const DAY = 86_400;
const WEEK = 604_800;

/** Makes or changes a metric alarm; a changed one keeps its state until its next evaluation. */
export const PutMetricAlarm = operation<
  PutMetricAlarmCommandInput,
  Omit<PutMetricAlarmCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "cloudwatch:PutMetricAlarm", resources: [alarmArn(world, input.AlarmName ?? "*")] },
  ],
  run: (input, { world }) => {
    const { Tags, ...metric } = input;
    checkAlarm(input.AlarmName, [input.OKActions, input.AlarmActions, input.InsufficientDataActions]);
    check(input);
    const given = { metric: metric as MetricAlarm, composite: undefined };
    putAlarm(world, input.AlarmName!, given, input.ActionsEnabled ?? true, Tags);
    return {};
  },
});

function check(input: PutMetricAlarmCommandInput): void {
  const { EvaluationPeriods: n, DatapointsToAlarm: m, TreatMissingData: treat } = input;
  if (/Upper|Lower/.test(input.ComparisonOperator ?? "") || input.ThresholdMetricId !== undefined)
    throw new ServiceException(
      "NotImplementedBySandbox",
      "The sandbox has no anomaly detection alarms. Nothing was changed.",
      { status: 501 },
    );
  if (n === undefined || n < 1)
    throw validationError(
      `1 validation error detected: Value '${n ?? ""}' at 'evaluationPeriods' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    );
  if (m !== undefined && (m < 1 || m > n))
    throw validationError("DatapointsToAlarm must be less than or equal to EvaluationPeriods");
  if (treat !== undefined && !TREATMENTS.includes(treat))
    throw validationError(
      `Value ${treat} is not a valid value for parameter TreatMissingData. Valid values are ${TREATMENTS.join(", ")}`,
    );
  if (input.Threshold === undefined)
    throw validationError(
      "The parameter Threshold must be specified for alarms on a metric or a metric math expression",
    );
  const period = input.Metrics?.length ? checkMetrics(input) : checkMetric(input);
  if (period * n > (period >= 3_600 ? WEEK : DAY))
    throw validationError(
      `Metrics cannot be checked across more than ${period >= 3_600 ? "a week" : "a day"} (EvaluationPeriods * Period must be <= ${period >= 3_600 ? WEEK : DAY})`,
    );
}

/** Returns the period in seconds. */
function checkMetric(input: PutMetricAlarmCommandInput): number {
  for (const name of ["MetricName", "Namespace", "Period"] as const)
    if (input[name] === undefined)
      throw validationError(`The parameter ${name} must be specified for alarms on a metric`);
  if (!input.Statistic && !input.ExtendedStatistic)
    throw validationError("One of the parameters Statistic or ExtendedStatistic must be specified");
  if (input.Statistic && input.ExtendedStatistic)
    throw validationError("The parameters Statistic and ExtendedStatistic are mutually exclusive");
  if (input.ExtendedStatistic) statisticNamed(input.ExtendedStatistic);
  const period = input.Period!;
  if (![10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw validationError("Period must be 10, 20, 30 or a multiple of 60");
  return period;
}

/** Returns the shortest period in seconds. */
function checkMetrics(input: PutMetricAlarmCommandInput): number {
  const metrics = input.Metrics!;
  for (const name of [
    "MetricName",
    "Namespace",
    "Dimensions",
    "Period",
    "Unit",
    "Statistic",
    "ExtendedStatistic",
  ] as const)
    if (input[name] !== undefined && !(Array.isArray(input[name]) && input[name].length === 0))
      throw validationError(
        `The parameters Metrics and ${name} are mutually exclusive and you have specified both.`,
      );
  checkQueries(metrics);
  if (metrics.filter(({ ReturnData }) => ReturnData !== false).length !== 1)
    throw validationError("Exactly one element of the metrics list should return data.");
  return Math.min(...metrics.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []), DAY);
}
