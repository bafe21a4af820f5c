import { type MetricAlarm, MetricAlarm$, PutMetricAlarmInput$ } from "@aws-sdk/client-cloudwatch";

/** The names of a structure's members, as the SDK's schema lists them. */
const membersOf = ([, , , , names]: typeof MetricAlarm$): string[] => names;

/**
 * Everything that PutMetricAlarm sets and DescribeAlarms shows: what is left out of a call is lost. Tags stay with an
 * alarm that exists. Taken from the SDK, so that a setting it learns is not lost by this step.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const FIELDS = membersOf(PutMetricAlarmInput$).filter((name) => membersOf(MetricAlarm$).includes(name));

/** An alarm as PutMetricAlarm takes it. Pure. */
export function settingsOf(alarm: MetricAlarm): Record<string, unknown> {
  const given = FIELDS.map((field): [string, unknown] => [field, alarm[field as keyof MetricAlarm]]).filter(
    ([, value]) =>
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
