import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { World } from "../../world.ts";
import { judge, type Slot } from "./judge.ts";
import { metricNamed } from "./metrics.ts";
import { periodOf as periodOfQueries, resultsOf } from "./queries.ts";
import { reasonDataOf, reasonOf } from "./reason.ts";
import { type Datapoint, datapoints } from "./series.ts";
import type { StateValue } from "./state.ts";

/** What an evaluation found. */
export interface Verdict {
  value: StateValue;
  reason: string;
  reasonData: string;
}

/** Periods that CloudWatch looks at beyond N, to bridge gaps with real datapoints: 5 for an alarm of 3. */
const BEYOND = 2;
const MINUTE = 60_000;
const TEN_SECONDS = 10_000;

/**
 * Evaluates a metric alarm on the periods that had ended at `end`; `now` is only told. Undefined: the alarm keeps
 * its state. Periods slide with the evaluation: one of five minutes ends at each whole minute.
 */
export function evaluate(world: World, alarm: MetricAlarm, end: number, now: number): Verdict | undefined {
  const period = periodOf(alarm);
  const step = period < 60 ? TEN_SECONDS : MINUTE;
  const last = Math.floor(end / step) * step;
  const count = alarm.EvaluationPeriods! + beyond(world, alarm, period);
  const from = last - count * period * 1000;
  const found = new Map(pointsOf(world, alarm, from, last).map((point) => [point.at, point]));
  const slots = Array.from({ length: count }, (_, index): Slot => {
    const at = last - (index + 1) * period * 1000;
    return { at, point: found.get(at) };
  });
  if (tooFewSamples(alarm, slots)) return undefined;
  const judgement = judge(alarm, slots);
  if (!judgement) return undefined;
  return {
    value: judgement.value,
    reason: reasonOf(alarm, judgement),
    reasonData: reasonDataOf(alarm, judgement, slots, period, now),
  };
}

/** A metric stored by the minute has its data at the minute's start: an alarm of shorter periods must look back there. */
function beyond(world: World, alarm: MetricAlarm, period: number): number {
  if (period >= 60 || !alarm.MetricName) return BEYOND;
  const metric = metricNamed(world, alarm.Namespace!, alarm.MetricName, alarm.Dimensions);
  return metric?.highResolution ? BEYOND : BEYOND + Math.ceil(60 / period);
}

/** With `ignore`, a percentile of too few samples decides nothing: CloudWatch wants ten beyond the percentile. */
function tooFewSamples(alarm: MetricAlarm, slots: Slot[]): boolean {
  const share = /^p(\d+(?:\.\d+)?)$/.exec(alarm.ExtendedStatistic ?? "")?.[1];
  if (alarm.EvaluateLowSampleCountPercentile !== "ignore" || share === undefined) return false;
  const side = Math.min(Number(share), 100 - Number(share)) / 100;
  return slots.some(({ point }) => point && point.sampleCount * side < 10);
}

/** Seconds of an alarm's period. */
export const periodOf = (alarm: MetricAlarm): number => alarm.Period ?? periodOfQueries(alarm.Metrics ?? []);

function pointsOf(world: World, alarm: MetricAlarm, from: number, to: number): Datapoint[] {
  if (!alarm.Metrics?.length) {
    const metric = metricNamed(world, alarm.Namespace!, alarm.MetricName!, alarm.Dimensions);
    const statistic = alarm.Statistic ?? alarm.ExtendedStatistic!;
    return datapoints(metric, { statistic, period: alarm.Period!, unit: alarm.Unit, from, to });
  }
  const [only] = [...resultsOf(world, alarm.Metrics, from, to).values()];
  return (only?.[0]?.series.points ?? []).map(({ at, value }) => ({ at, value, sampleCount: 1 }));
}
