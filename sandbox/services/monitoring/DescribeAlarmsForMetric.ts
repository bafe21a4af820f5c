import type {
  DescribeAlarmsForMetricCommandInput,
  DescribeAlarmsForMetricCommandOutput,
  Dimension,
} from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { metricAnswer } from "./answers.ts";
import { alarmsState } from "./state.ts";

/** Alarms on one metric; those on expressions that use it are not among them. */
export const DescribeAlarmsForMetric = operation<
  DescribeAlarmsForMetricCommandInput,
  Omit<DescribeAlarmsForMetricCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "cloudwatch:DescribeAlarmsForMetric", resources: ["*"] }],
  run: (input, { world }) => {
    const same = (wanted: unknown, given: unknown) => wanted === undefined || wanted === given;
    return {
      MetricAlarms: [...alarmsState(world).alarms.values()]
        .filter(
          ({ metric }) =>
            metric?.MetricName === input.MetricName &&
            metric?.Namespace === input.Namespace &&
            textOf(metric?.Dimensions) === textOf(input.Dimensions) &&
            same(input.Statistic, metric?.Statistic) &&
            same(input.ExtendedStatistic, metric?.ExtendedStatistic) &&
            same(input.Period, metric?.Period) &&
            same(input.Unit, metric?.Unit),
        )
        .map(metricAnswer),
    };
  },
});

const textOf = (dimensions: Dimension[] = []) =>
  JSON.stringify(dimensions.map(({ Name, Value }) => [Name, Value]).toSorted());
