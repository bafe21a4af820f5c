import type { GetMetricStatisticsCommandInput, GetMetricStatisticsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { datapoints } from "./metrics.ts";

/** Statistics of one metric. */
export const GetMetricStatistics = operation<GetMetricStatisticsCommandInput, Omit<GetMetricStatisticsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:GetMetricStatistics", resources: ["*"] }],
  run: (input, { world }) => {
    const metric = { namespace: input.Namespace!, name: input.MetricName!, dimensions: input.Dimensions ?? [] };
    const [from, to] = [input.StartTime!.getTime(), input.EndTime!.getTime()];
    const byTime = new Map<number, NonNullable<GetMetricStatisticsCommandOutput["Datapoints"]>[number]>();
    const at = (time: number) => {
      const known = byTime.get(time) ?? { Timestamp: new Date(time), Unit: "None" as const };
      byTime.set(time, known);
      return known;
    };
    for (const statistic of input.Statistics ?? [])
      for (const point of datapoints(world, metric, statistic, input.Period!, from, to)) Object.assign(at(point.at), { [statistic]: point.value });
    for (const statistic of input.ExtendedStatistics ?? [])
      for (const point of datapoints(world, metric, statistic, input.Period!, from, to)) {
        const known = at(point.at);
        known.ExtendedStatistics = { ...known.ExtendedStatistics, [statistic]: point.value };
      }
    return { Label: input.MetricName, Datapoints: [...byTime.values()] };
  },
});
