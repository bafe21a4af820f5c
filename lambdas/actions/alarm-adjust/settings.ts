import type { MetricAlarm, PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";

/** Everything that PutMetricAlarm sets: what is left out of a call is lost. Tags stay with an alarm that exists. */
const FIELDS: (keyof PutMetricAlarmCommandInput & keyof MetricAlarm)[] = [
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
];

/** An alarm as PutMetricAlarm takes it. Pure. */
export function settingsOf(alarm: MetricAlarm): Record<string, unknown> {
  const given = FIELDS.map((field): [string, unknown] => [field, alarm[field]]).filter(([, value]) =>
    // Beside `Metrics` an empty list of dimensions is a contradiction.
    Array.isArray(value) ? value.length > 0 : value !== undefined,
  );
  return Object.fromEntries(given);
}

/** Whether two alarms are set alike, whatever the order in which a way through JSON left their fields. Pure. */
export const sameSettings = (left: unknown, right: unknown): boolean => ordered(left) === ordered(right);

function ordered(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
