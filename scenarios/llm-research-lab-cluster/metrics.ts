import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type Answered, isError, type Load } from "./load.ts";

/** Seconds of the sandbox's time between two reports. */
const REPORT_SECONDS = 30;
/** PutMetricData takes so many values of one metric. */
const MOST_VALUES = 150;

export interface Figures {
  errorRate: number | undefined;
  requestsPerSecond: number;
}

const rate = (answers: Answered[]) => (100 * answers.filter(isError).length) / answers.length;

/** Reports what users got, of each workload and of all, as an ingress would. Returns the newest figures, and its end. */
export function reportMetrics(sandbox: Sandbox, load: Load): { figures: Figures; stop(): void } {
  const { clock } = sandbox.world;
  const cloudwatch = new CloudWatchClient(sandbox.clientConfig());
  const figures: Figures = { errorRate: undefined, requestsPerSecond: 0 };
  let last = clock.now();
  let stopped = false;
  const report = async () => {
    const answers = load.take();
    const seconds = (clock.now() - last) / 1000 / clock.speed;
    last = clock.now();
    // Without requests there is no rate: nothing is reported.
    if (answers.length === 0) return;
    Object.assign(figures, {
      errorRate: rate(answers),
      requestsPerSecond: answers.length / Math.max(seconds, 0.001),
    });
    const Timestamp = new Date(clock.now());
    const Unit = "Percent";
    const MetricName = "ErrorRate";
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "LlmResearchCluster",
        MetricData: [
          { MetricName, Unit, Value: rate(answers), Timestamp },
          ...[...Map.groupBy(answers, ({ workload }) => workload)].map(([Value, own]) => ({
            MetricName,
            Unit: Unit as "Percent",
            Value: rate(own),
            Timestamp,
            Dimensions: [{ Name: "Workload", Value }],
          })),
          {
            MetricName: "Latency",
            Unit: "Milliseconds",
            Values: answers.map(({ milliseconds }) => milliseconds).slice(0, MOST_VALUES),
            Timestamp,
          },
        ],
      }),
    );
  };
  const silence = clock.every(REPORT_SECONDS * 1000, () => {
    report().catch((error: Error) => {
      if (!stopped) sandbox.world.log("service", `metrics were not reported: ${error.message}`);
    });
  });
  const stop = () => {
    stopped = true;
    silence();
  };
  return { figures, stop };
}
