import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { World } from "../../world.ts";
import { type Datapoint, datapoints } from "./metrics.ts";
import { resultsOf } from "./queries.ts";
import { instant, type StateValue } from "./state.ts";

/** What an evaluation found; undefined keeps the state as it is. */
export interface Verdict {
  value: StateValue;
  reason: string;
  reasonData: string;
}

const WORDS: Record<string, string> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

const BREACHES: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/** Periods older than the evaluated ones that CloudWatch looks at when newer ones are missing. */
const OLDER = 3;

/** Evaluates a metric alarm at a moment: M of N with the missing-data rules (AWS-FACTS §4). */
export function evaluate(world: World, alarm: MetricAlarm, now: number): Verdict | undefined {
  const n = alarm.EvaluationPeriods!;
  const m = alarm.DatapointsToAlarm ?? n;
  const width = periodOf(alarm) * 1000;
  const end = Math.floor(now / width) * width;
  const range = n + OLDER;
  const found = new Map(pointsOf(world, alarm, end - range * width, end).map((point) => [point.at, point]));
  const slots = Array.from({ length: range }, (_, index) => end - (index + 1) * width);
  const existing = slots.flatMap((at) => found.get(at) ?? []);
  // With enough points in the range the newest ones decide; missing ones only count when they have to fill up.
  const newest = slots.slice(0, n);
  const used = existing.length >= n && newest.some((at) => found.has(at)) ? existing.slice(0, n) : newest.flatMap((at) => found.get(at) ?? []);
  const missing = n - used.length;
  return judge(alarm, used, missing, n, m, { now, start: end - n * width, width, newest });
}

/** Pure: the state that N points give, of which `missing` are not there. `used` is newest first. */
export function judge(
  alarm: MetricAlarm,
  used: Datapoint[],
  missing: number,
  n: number,
  m: number,
  times: { now: number; start: number; width: number; newest: number[] },
): Verdict | undefined {
  const threshold = alarm.Threshold!;
  const breaches = BREACHES[alarm.ComparisonOperator!]!;
  const breaching = used.filter(({ value }) => breaches(value, threshold));
  const treat = alarm.TreatMissingData ?? "missing";
  const verdict = (value: StateValue, reason: string): Verdict => ({ value, reason, reasonData: reasonData(alarm, used, times) });
  if (used.length === 0) {
    if (treat === "ignore") return undefined;
    if (treat === "missing") return verdict("INSUFFICIENT_DATA", `Insufficient Data: ${n} datapoint${n === 1 ? " was" : "s were"} unknown.`);
    const text = `no datapoints were received for ${n} period${n === 1 ? "" : "s"} and ${n} missing datapoint${n === 1 ? " was" : "s were"} treated as [${treat === "breaching" ? "Breaching" : "NonBreaching"}].`;
    return verdict(treat === "breaching" ? "ALARM" : "OK", `Threshold Crossed: ${text}`);
  }
  const assumed = treat === "breaching" ? missing : 0;
  const alarming = breaching.length + assumed >= m;
  if (alarming) return verdict("ALARM", crossed(alarm, used, breaching.length, missing, n, m, true));
  // Only breaching points, too few of them: the rest is not known, so neither is the state.
  const premature = treat === "missing" && missing > 0 && breaching.length === used.length;
  if (premature) {
    const oldest = used.at(-1)!;
    const age = (times.newest[0]! - oldest.at) / times.width + 1;
    if (age >= m) return verdict("ALARM", crossed(alarm, used, breaching.length, missing, n, m, true));
    return verdict("INSUFFICIENT_DATA", `Insufficient Data: ${missing} datapoint${missing === 1 ? " was" : "s were"} unknown.`);
  }
  if (treat === "ignore" && missing > 0 && breaching.length === used.length) return undefined;
  return verdict("OK", crossed(alarm, used, used.length - breaching.length, missing, n, m, false));
}

const number = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function crossed(alarm: MetricAlarm, used: Datapoint[], count: number, missing: number, n: number, m: number, toAlarm: boolean): string {
  const listed = used.map(({ value, at }) => `${number(value)} (${stamp(at)})`).join(", ");
  const comparison = `${WORDS[alarm.ComparisonOperator!]} the threshold (${number(alarm.Threshold!)})`;
  const not = toAlarm ? "" : "not ";
  const treated =
    missing > 0 && alarm.TreatMissingData && !["missing", "ignore"].includes(alarm.TreatMissingData)
      ? ` ${missing} missing datapoint${missing === 1 ? " was" : "s were"} treated as [${alarm.TreatMissingData === "breaching" ? "Breaching" : "NonBreaching"}].`
      : "";
  if (n === 1) return `Threshold Crossed: 1 datapoint [${listed}] was ${not}${comparison}.`;
  const least = toAlarm ? m : n - m + 1;
  const transition = toAlarm ? "OK -> ALARM" : "ALARM -> OK";
  return (
    `Threshold Crossed: ${count} out of the last ${used.length} datapoints [${listed}] ${count === 1 ? "was" : "were"} ${not}${comparison} ` +
    `(minimum ${least} datapoint${least === 1 ? "" : "s"} for ${transition} transition).${treated}`
  );
}

/** `28/09/22 10:13:00` */
function stamp(at: number): string {
  const text = new Date(at).toISOString();
  return `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(2, 4)} ${text.slice(11, 19)}`;
}

function reasonData(alarm: MetricAlarm, used: Datapoint[], times: { now: number; start: number; width: number; newest: number[] }): string {
  const oldestFirst = used.toReversed();
  const evaluated =
    used.length > 0
      ? used.map(({ at, value, sampleCount }) => ({ timestamp: instant(at), sampleCount, value }))
      : times.newest.map((at) => ({ timestamp: instant(at) }));
  return JSON.stringify({
    version: "1.0",
    queryDate: instant(times.now),
    ...(used.length > 0 ? { startDate: instant(times.start) } : {}),
    ...(alarm.Unit ? { unit: alarm.Unit } : {}),
    ...(alarm.Statistic || alarm.ExtendedStatistic ? { statistic: alarm.Statistic ?? alarm.ExtendedStatistic } : {}),
    period: times.width / 1000,
    recentDatapoints: oldestFirst.map(({ value }) => value),
    threshold: alarm.Threshold,
    evaluatedDatapoints: evaluated,
  });
}

/** Seconds of an alarm's period. */
export function periodOf(alarm: MetricAlarm): number {
  return alarm.Period ?? alarm.Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 60;
}

function pointsOf(world: World, alarm: MetricAlarm, from: number, to: number): Datapoint[] {
  if (!alarm.Metrics?.length) {
    const metric = { namespace: alarm.Namespace!, name: alarm.MetricName!, dimensions: alarm.Dimensions ?? [] };
    return datapoints(world, metric, alarm.Statistic ?? alarm.ExtendedStatistic ?? "Average", alarm.Period!, from, to);
  }
  const wanted = alarm.Metrics.find(({ ReturnData }) => ReturnData !== false)!;
  const result = resultsOf(world, alarm.Metrics, from, to).get(wanted.Id!) ?? [];
  return result.map(({ at, value }) => ({ at, value, sampleCount: 1 }));
}
