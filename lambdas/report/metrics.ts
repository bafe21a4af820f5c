import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { clientSettings, once } from "../runtime/clients.ts";
import type { ReportEvent, WatchedMetric } from "../runtime/protocol.ts";
import { type Phases, phasesOf } from "./phases.ts";
import type { Series } from "./series.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));

/** Points of one curve at the most: more would not be seen, and the page stays small. */
const MOST_POINTS = 360;
/** How much is shown from before it began, seconds. */
const LEAD_SECONDS = 900;

/**
 * The plan's metrics from a quarter of an hour before the trouble until now. A report without its curves is better than
 * none, so a metric that cannot be read is one that says why.
 */
export async function readMetrics(event: ReportEvent, now: number): Promise<Series[]> {
  const phases = phasesOf(event, now);
  const from = phases.from - LEAD_SECONDS * 1000;
  try {
    return await Promise.all(event.metrics.map((metric) => read(metric, from, phases)));
  } catch (error) {
    const problem = `CloudWatch could not be read: ${(error as Error).message}`;
    console.error(JSON.stringify({ run: event.run.id, problem }));
    return event.metrics.map((metric) => ({ metric, points: [], from, phases, problem }));
  }
}

async function read(metric: WatchedMetric, from: number, phases: Phases): Promise<Series> {
  const { percentOf } = metric;
  const period = periodFor(metric.periodSeconds, (phases.to - from) / 1000);
  const queries = percentOf
    ? [
        { Id: "percent", Expression: "100 * FILL(metric, 0) / whole" },
        queryOf("metric", metric, period, false),
        queryOf("whole", percentOf, period, false),
      ]
    : [queryOf("metric", metric, period, true)];
  const { MetricDataResults } = await cloudwatch().send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      // CloudWatch wants whole periods; the last one may still be filling, and is left out.
      StartTime: new Date(Math.floor(from / (period * 1000)) * period * 1000),
      EndTime: new Date(Math.floor(phases.to / (period * 1000)) * period * 1000),
      ScanBy: "TimestampAscending",
    }),
  );
  const { Timestamps = [], Values = [] } = MetricDataResults?.[0] ?? {};
  const points = Timestamps.map((at, index) => ({ at: at.getTime(), value: Values[index]! }));
  return { metric: { ...metric, periodSeconds: period }, points, from, phases };
}

function queryOf(
  Id: string,
  { namespace, name, statistic, dimensions }: NonNullable<WatchedMetric["percentOf"]>,
  Period: number,
  ReturnData: boolean,
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: name, Dimensions };
  return { Id, ReturnData, MetricStat: { Metric, Period, Stat: statistic } };
}

/** The metric's own period, or so many times it that the points fit. */
function periodFor(period: number, seconds: number): number {
  const own = Math.max(60, Math.ceil(period / 60) * 60);
  return own * Math.max(1, Math.ceil(seconds / own / MOST_POINTS));
}
