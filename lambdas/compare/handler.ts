import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { clientSettings, once } from "../runtime/clients.ts";
import type { CompareAnswer, CompareEvent } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { compared } from "./compared.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));

/** Reads the plan's `worse` metric over its newest whole periods and compares it with what it was before the first change. */
export const handler = serve(
  "compare",
  async ({ worse, before }: CompareEvent, { now }): Promise<CompareAnswer> => {
    const { namespace, name, statistic, dimensions = {}, periodSeconds } = worse.metric;
    const end = Math.floor(now() / (periodSeconds * 1000)) * periodSeconds * 1000;
    const { MetricDataResults = [] } = await cloudwatch().send(
      new GetMetricDataCommand({
        StartTime: new Date(end - Math.max(worse.overSeconds, periodSeconds) * 1000),
        EndTime: new Date(end),
        MetricDataQueries: [
          {
            Id: "value",
            MetricStat: {
              Metric: {
                Namespace: namespace,
                MetricName: name,
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: periodSeconds,
              Stat: statistic,
            },
          },
        ],
      }),
    );
    return compared(worse, before, MetricDataResults[0]?.Values ?? []);
  },
);
