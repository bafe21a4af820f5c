import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Judgement, Slot } from "./judge.ts";
import type { Datapoint } from "./series.ts";
import { instant } from "./state.ts";

const COMPARISONS: Record<string, string> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

const many = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const was = (count: number) => (count === 1 ? "was" : "were");

/** Why an alarm is in its state, in CloudWatch's words. */
export function reasonOf(alarm: MetricAlarm, { value, used, breaching, filled }: Judgement): string {
  const n = alarm.EvaluationPeriods!;
  if (value === "INSUFFICIENT_DATA") return `Insufficient Data: ${many(n, "datapoint")} ${was(n)} unknown.`;
  const rule = alarm.TreatMissingData === "breaching" ? "Breaching" : "NonBreaching";
  const counted = ["breaching", "notBreaching"].includes(alarm.TreatMissingData ?? "") ? filled : 0;
  const treated = `${many(counted, "missing datapoint")} ${was(counted)} treated as [${rule}]`;
  if (used.length === 0)
    return `Threshold Crossed: no datapoints were received for ${many(n, "period")} and ${treated}.`;

  const alarming = value === "ALARM";
  const comparison = `${alarming ? "" : "not "}${COMPARISONS[alarm.ComparisonOperator!]} the threshold (${number(alarm.Threshold!)})`;
  const and = counted > 0 ? ` and ${treated}` : "";
  if (alarm.DatapointsToAlarm === undefined) {
    const told =
      alarming || breaching.length === used.length ? used : used.filter((each) => !breaching.includes(each));
    return `Threshold Crossed: ${many(told.length, "datapoint")} ${listed(told)} ${was(told.length)} ${comparison}${and}.`;
  }
  const m = alarm.DatapointsToAlarm;
  const told = alarming ? breaching : used.filter((each) => !breaching.includes(each));
  const least = alarming ? m : n - m + 1;
  const change = alarming ? "OK -> ALARM" : "ALARM -> OK";
  return (
    `Threshold Crossed: ${told.length} out of the last ${n} datapoints ${listed(told)} ${was(told.length)} ${comparison}${and} ` +
    `(minimum ${many(least, "datapoint")} for ${change} transition).`
  );
}

/** What an evaluation saw, as a JSON text. */
export function reasonDataOf(
  alarm: MetricAlarm,
  { used }: Judgement,
  slots: Slot[],
  period: number,
  now: number,
): string {
  const n = alarm.EvaluationPeriods!;
  const evaluated =
    used.length > 0
      ? used.map(({ at, sampleCount, value }) => ({
          timestamp: instant(at),
          // Only a metric has samples; the result of an expression has none.
          ...(alarm.Metrics?.length ? {} : { sampleCount }),
          value,
        }))
      : slots.slice(0, n).map(({ at }) => ({ timestamp: instant(at) }));
  return JSON.stringify({
    version: "1.0",
    queryDate: instant(now),
    ...(used.length > 0 ? { startDate: instant(used.at(-1)!.at) } : {}),
    ...(alarm.Unit ? { unit: alarm.Unit } : {}),
    ...(alarm.MetricName ? { statistic: alarm.Statistic ?? alarm.ExtendedStatistic } : {}),
    period,
    recentDatapoints: used.toReversed().map(({ value }) => value),
    threshold: alarm.Threshold,
    evaluatedDatapoints: evaluated,
  });
}

const listed = (points: Datapoint[]) =>
  `[${points.map(({ value, at }) => `${number(value)} (${stamp(at)})`).join(", ")}]`;

/** As Java writes a double: `21.0`, `0.001`, `1.5E7`, `1.0E-4`. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const [digits = "", power = "0"] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(power)}`;
}

/** `28/09/22 10:13:00`, UTC. */
function stamp(at: number): string {
  const text = new Date(at).toISOString();
  return `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(2, 4)} ${text.slice(11, 19)}`;
}
