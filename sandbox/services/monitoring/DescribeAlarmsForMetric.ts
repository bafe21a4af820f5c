import type { DescribeAlarmsForMetricCommandInput, DescribeAlarmsForMetricCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { metricAnswer } from "./answers.ts";
import { alarmsState } from "./state.ts";

/** Metric alarms on one metric. */
export const DescribeAlarmsForMetric = operation<DescribeAlarmsForMetricCommandInput, Omit<DescribeAlarmsForMetricCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:DescribeAlarmsForMetric", resources: ["*"] }],
  run: (input, { world }) => ({
    MetricAlarms: [...alarmsState(world).alarms.values()]
      .filter(
        ({ metric }) =>
          metric?.MetricName === input.MetricName &&
          metric?.Namespace === input.Namespace &&
          (input.Dimensions === undefined || JSON.stringify(metric?.Dimensions ?? []) === JSON.stringify(input.Dimensions)),
      )
      .map(metricAnswer),
  }),
});
