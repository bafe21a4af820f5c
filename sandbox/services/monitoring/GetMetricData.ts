import type { GetMetricDataCommandInput, GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { resultsOf } from "./queries.ts";

/** Series of metrics and of expressions over them. */
export const GetMetricData = operation<GetMetricDataCommandInput, Omit<GetMetricDataCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:GetMetricData", resources: ["*"] }],
  run: (input, { world }) => {
    const queries = input.MetricDataQueries ?? [];
    const results = resultsOf(world, queries, input.StartTime!.getTime(), input.EndTime!.getTime());
    return {
      Messages: [],
      MetricDataResults: queries
        .filter(({ ReturnData }) => ReturnData !== false)
        .map((query) => {
          const series = results.get(query.Id!)!;
          const ordered = input.ScanBy === "TimestampAscending" ? series : series.toReversed();
          return {
            Id: query.Id,
            Label: query.Label ?? query.MetricStat?.Metric?.MetricName ?? query.Id,
            Timestamps: ordered.map(({ at }) => new Date(at)),
            Values: ordered.map(({ value }) => value),
            StatusCode: "Complete" as const,
          };
        }),
    };
  },
});
