import type { ListMetricsCommandInput, ListMetricsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { allMetrics } from "./metrics.ts";

/** Metrics that have data. */
export const ListMetrics = operation<ListMetricsCommandInput, Omit<ListMetricsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:ListMetrics", resources: ["*"] }],
  run: (input, { world }) => ({
    Metrics: allMetrics(world)
      .filter(
        ({ namespace, name, dimensions }) =>
          (input.Namespace === undefined || namespace === input.Namespace) &&
          (input.MetricName === undefined || name === input.MetricName) &&
          (input.Dimensions ?? []).every(({ Name, Value }) => dimensions.some((each) => each.Name === Name && (Value === undefined || each.Value === Value))),
      )
      .map(({ namespace, name, dimensions }) => ({ Namespace: namespace, MetricName: name, Dimensions: dimensions })),
  }),
});
