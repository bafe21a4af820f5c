import type { ListMetricsCommandInput, ListMetricsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { allMetrics, type Metric } from "./metrics.ts";
import { page } from "./paging.ts";

const PAGE = 500;
const TWO_WEEKS = 14 * 86_400_000;
const THREE_HOURS = 3 * 3_600_000;

/** Metrics with data in the past two weeks, or the past three hours when asked so. */
export const ListMetrics = operation<ListMetricsCommandInput, Omit<ListMetricsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:ListMetrics", resources: ["*"] }],
  run: (input, { world }) => {
    const since = world.clock.now() - (input.RecentlyActive === "PT3H" ? THREE_HOURS : TWO_WEEKS);
    const found = allMetrics(world).filter((metric) => metric.reportedAt >= since && wanted(metric, input));
    const { items, NextToken } = page(found, PAGE, input.NextToken);
    return {
      Metrics: items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensions,
      })),
      ...(NextToken ? { NextToken } : {}),
    };
  },
});

const wanted = ({ namespace, name, dimensions }: Metric, input: ListMetricsCommandInput) =>
  (input.Namespace === undefined || namespace === input.Namespace) &&
  (input.MetricName === undefined || name === input.MetricName) &&
  (input.Dimensions ?? []).every(({ Name, Value }) =>
    dimensions.some((each) => each.Name === Name && (Value === undefined || each.Value === Value)),
  );
