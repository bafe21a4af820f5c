import type {
  Datapoint,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { metricNamed } from "./metrics.ts";
import { startOf } from "./queries.ts";
import { periodsOf, unitsOf } from "./series.ts";
import { statisticNamed } from "./statistics.ts";

/** Datapoints in one answer. */
const MOST = 1_440;

const combination = (message: string) =>
  new ServiceException("InvalidParameterCombinationException", message);

/** Statistics of one metric, a datapoint for each period and each unit it was reported in. */
export const GetMetricStatistics = operation<
  GetMetricStatisticsCommandInput,
  Omit<GetMetricStatisticsCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "cloudwatch:GetMetricStatistics", resources: ["*"] }],
  run: (input, { world }) => {
    const [from, to, period] = [input.StartTime!.getTime(), input.EndTime!.getTime(), input.Period!];
    check(input, from, to);
    const metric = metricNamed(world, input.Namespace!, input.MetricName!, input.Dimensions);
    const found: Datapoint[] = [];
    for (const unit of unitsOf(metric)) {
      if (input.Unit !== undefined && input.Unit !== unit) continue;
      const selection = { from: startOf(from, period), to, period };
      for (const [at, buckets] of periodsOf(metric!.units.get(unit)!, selection)) {
        const point: Datapoint = { Timestamp: new Date(at), Unit: unit };
        for (const statistic of input.Statistics ?? [])
          point[statistic as Statistic] = statisticNamed(statistic)(buckets);
        const extended = (input.ExtendedStatistics ?? []).flatMap((name) => {
          const value = statisticNamed(name)(buckets);
          return value === undefined ? [] : [[name, value] as const];
        });
        if (extended.length > 0) point.ExtendedStatistics = Object.fromEntries(extended);
        found.push(point);
      }
    }
    return { Label: input.MetricName, Datapoints: found };
  },
});

function check(input: GetMetricStatisticsCommandInput, from: number, to: number): void {
  const period = input.Period!;
  if (!input.Statistics?.length && !input.ExtendedStatistics?.length)
    throw combination("At least one of the parameters Statistics or ExtendedStatistics must be specified.");
  if (input.Statistics?.length && input.ExtendedStatistics?.length)
    throw combination(
      "The parameters Statistics and ExtendedStatistics are mutually exclusive and you have specified both.",
    );
  if (from >= to)
    throw new ServiceException(
      "InvalidParameterValueException",
      "The parameter StartTime must be less than the parameter EndTime.",
    );
  if (![1, 5, 10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0))
    throw new ServiceException(
      "InvalidParameterValueException",
      "The parameter Period must be greater than or equal to 60 and a multiple of 60, or one of 1, 5, 10, 20, 30.",
    );
  const wanted = Math.ceil((to - from) / 1000 / period);
  if (wanted > MOST)
    throw combination(
      `You have requested up to ${wanted} datapoints, which exceeds the limit of ${MOST}. ` +
        "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
    );
}
