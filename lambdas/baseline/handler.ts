import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { clientSettings, once } from "../runtime/clients.ts";
import { BASELINE, type BaselineSpec, OWN_NAMESPACE } from "../runtime/names.ts";
import { serve } from "../runtime/serve.ts";
import { type Usual, usualOf } from "./usual.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));

/** Seconds of one point of the reference window: CloudWatch keeps these 63 days, and 15 days of them are 4,320. */
const PERIOD = 300;

/**
 * Publishes what is normal for each trigger that asks for a baseline: the mean of the metric's points over the reference
 * window, which ends before the present so that an incident is not its own reference; and, for a trigger that counts
 * deviations, their standard deviation. A window without points publishes nothing: the alarm then has no data, and no
 * data never acts. So it is with a metric that never varied: nothing can be told from its deviation.
 */
export const handler = serve("baseline", async (_: unknown, { now }) => {
  const specs = JSON.parse(process.env["BASELINES"] ?? "[]") as BaselineSpec[];
  const service = process.env["SERVICE"]!;
  const published: Record<string, Usual | null> = {};
  for (const spec of specs) {
    const usual = usualOf(await reference(spec, now()), spec.deviationOfSeconds !== undefined);
    published[spec.trigger] = usual ?? null;
    if (!usual) continue;
    const datum = (MetricName: string, Value: number) => ({
      MetricName,
      Dimensions: [
        { Name: "Service", Value: service },
        { Name: "Trigger", Value: spec.trigger },
      ],
      Value,
      Timestamp: new Date(now()),
    });
    await cloudwatch().send(
      new PutMetricDataCommand({
        Namespace: OWN_NAMESPACE,
        MetricData: [
          datum(BASELINE.mean, usual.mean),
          ...(usual.deviation === undefined ? [] : [datum(BASELINE.deviation, usual.deviation)]),
        ],
      }),
    );
  }
  return { published };
});

/** The points of the reference window. */
async function reference(spec: BaselineSpec, now: number): Promise<number[]> {
  const to = now - spec.lagSeconds * 1000;
  const { namespace, name, statistic, dimensions = {} } = spec.metric;
  const query: MetricDataQuery = {
    Id: "reference",
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: spec.deviationOfSeconds ?? PERIOD,
      Stat: statistic,
    },
  };
  const values: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch().send(
      new GetMetricDataCommand({
        MetricDataQueries: [query],
        StartTime: new Date(to - spec.windowSeconds * 1000),
        EndTime: new Date(to),
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    values.push(...(page.MetricDataResults?.[0]?.Values ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return values;
}
