import type { PutMetricDataCommandInput, PutMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { addDatum } from "./metrics.ts";

/** Adds samples. */
export const PutMetricData = operation<PutMetricDataCommandInput, Omit<PutMetricDataCommandOutput, "$metadata">>({
  authorize: (input) => [{ action: "cloudwatch:PutMetricData", resources: ["*"], context: { "cloudwatch:namespace": input.Namespace ?? "" } }],
  run: (input, { world }) => {
    for (const datum of input.MetricData ?? []) {
      if (datum.Value === undefined && !datum.Values && !datum.StatisticValues)
        throw new ServiceException("InvalidParameterCombinationException", "At least one of the parameters must be specified.");
      if (datum.Values && datum.Counts && datum.Values.length !== datum.Counts.length)
        throw new ServiceException("InvalidParameterValueException", "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.");
      addDatum(world, input.Namespace!, datum);
    }
    return {};
  },
});
