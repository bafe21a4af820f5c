import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Datapoint } from "./series.ts";
import type { StateValue } from "./state.ts";

/** One period that an evaluation looked at. */
export interface Slot {
  /** Start of the period, epoch milliseconds. */
  at: number;
  /** Nothing when no data came. */
  point: Datapoint | undefined;
}

/** The state an evaluation gives and what it rests on. */
export interface Judgement {
  value: StateValue;
  /** Datapoints that counted, newest first. */
  used: Datapoint[];
  /** Those of them that crossed the threshold. */
  breaching: Datapoint[];
  /** Missing datapoints that were filled in by the alarm's rule for them. */
  filled: number;
}

const BREACHES: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * M of N with the rules for missing data, as CloudWatch documents them
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html). `slots` are the
 * periods of the evaluation range, newest first, more of them than N. Undefined: the alarm keeps its state.
 */
export function judge(alarm: MetricAlarm, slots: Slot[]): Judgement | undefined {
  const n = alarm.EvaluationPeriods!;
  const m = alarm.DatapointsToAlarm ?? n;
  const treat = alarm.TreatMissingData ?? "missing";
  const crosses = BREACHES[alarm.ComparisonOperator!]!;
  // Missing datapoints are filled in only when there are fewer than N real ones in the whole range.
  const used = slots.flatMap(({ point }) => point ?? []).slice(0, n);
  const breaching = used.filter(({ value }) => crosses(value, alarm.Threshold!));
  const filled = n - used.length;
  const state = (value: StateValue): Judgement => ({ value, used, breaching, filled });

  if (treat === "breaching") return state(breaching.length + filled >= m ? "ALARM" : "OK");
  if (treat === "notBreaching") return state(breaching.length >= m ? "ALARM" : "OK");
  if (used.length === 0) return treat === "ignore" ? undefined : state("INSUFFICIENT_DATA");
  if (breaching.length >= m) return state("ALARM");
  if (filled === 0 || used.length > breaching.length) return state("OK");
  if (treat === "ignore") return undefined;
  // Breaching datapoints only, fewer than M: the next one may be good, so the alarm waits until the oldest of them
  // is M periods old.
  const oldest = slots.findLastIndex(({ point }) => point !== undefined) + 1;
  return oldest >= m ? state("ALARM") : undefined;
}
