import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type Announced, announceDeployment } from "../announce.ts";
import type { EndedRun, Expectation, RunningScenario, Scenario } from "../scenario.ts";
import { steadyMilliseconds } from "../steady.ts";
import { until } from "../until.ts";
import { BAD_MIGRATION } from "./data.ts";
import { DATABASE } from "./database.ts";
import { expectations } from "./expectations.ts";
import { Load } from "./load.ts";
import * as manifests from "./manifests.ts";
import { prepareWorld } from "./prepare.ts";
import { type Digest, digestOf } from "./truth.ts";

/** Sandbox seconds between two reports of metrics, as Prometheus' remote write and the CloudWatch agent send them. */
const REPORT_SECONDS = 60;
/** PutMetricData takes so many values of one metric. */
const MOST_VALUES = 150;

interface Pod {
  apiVersion: string;
  kind: string;
  metadata: never;
  status?: { containerStatuses?: { restartCount: number }[] };
}

export const scenario: Scenario = {
  name: "llm-orchestrator",
  summary: "Release 0.2.0 crash-loops on its config map, after a migration that dropped a column",

  async prepare(sandbox, { seed, say, load: share = 1 }): Promise<RunningScenario> {
    const clock = sandbox.world.clock;
    const made = await prepareWorld(sandbox, { seed, say });
    const aws = sandbox.clientConfig();
    const cloudwatch = new CloudWatchClient(aws);
    const { apply, list } = sandbox.cluster(manifests.CLUSTER);
    const load = new Load(made.load, seed, share);
    const figures: { errorRate: number | undefined; requestsPerSecond: number } = {
      errorRate: undefined,
      requestsPerSecond: 0,
    };
    const kept = { restarts: 0, before: {} as Digest, damaged: {} as Digest };

    let last = clock.now();
    const report = async () => {
      const { requests, errors, latencies } = load.take();
      const seconds = (clock.now() - last) / 1000 / clock.speed;
      last = clock.now();
      const pods = await list<Pod>("Pod", manifests.NAMESPACE, `app=${manifests.NAME}`);
      const restarts = Math.max(
        0,
        ...pods.flatMap(({ status }) => (status?.containerStatuses ?? []).map((each) => each.restartCount)),
      );
      kept.restarts = Math.max(kept.restarts, restarts);
      const Timestamp = new Date(clock.now());
      const Dimensions = [
        { Name: "ClusterName", Value: manifests.CLUSTER },
        { Name: "Namespace", Value: manifests.NAMESPACE },
        { Name: "PodName", Value: manifests.NAME },
      ];
      const MetricName = "pod_number_of_container_restarts";
      const agent = { MetricName, Dimensions, Unit: "Count", Value: restarts, Timestamp } as const;
      await cloudwatch.send(
        new PutMetricDataCommand({ Namespace: "ContainerInsights", MetricData: [agent] }),
      );
      if (requests === 0) return;
      const errorRate = (100 * errors) / requests;
      Object.assign(figures, { errorRate, requestsPerSecond: requests / Math.max(seconds, 0.001) });
      await cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: "LlmOrchestrator",
          MetricData: [
            { MetricName: "ErrorRate", Unit: "Percent", Value: errorRate, Timestamp },
            { MetricName: "Requests", Unit: "Count", Value: requests, Timestamp },
            {
              MetricName: "Latency",
              Unit: "Milliseconds",
              Values: latencies.slice(0, MOST_VALUES),
              Timestamp,
            },
          ],
        }),
      );
    };
    let stopped = false;
    const silence = clock.every(REPORT_SECONDS * 1000, () => {
      report().catch((error: Error) => {
        if (!stopped) sandbox.world.log("service", `metrics were not reported: ${error.message}`);
      });
    });
    // Also on Ctrl-C: the sandbox stops what was started in it, newest first.
    const stop = async () => {
      stopped = true;
      silence();
      await load.stop();
    };
    sandbox.world.onStop(stop);

    const announce = (deployment: Omit<Announced, "service">) =>
      announceDeployment(sandbox, { service: "llm-orchestrator", ...deployment });

    return {
      url: `https://${made.host}`,
      figures: () => figures,

      async warmUp() {
        kept.before = await made.withAdmin(DATABASE, (client) => digestOf(client, "steps"));
        load.start();
        const begun = Date.now();
        await until("the service to answer without errors and its database to be restorable", async () => {
          if (figures.errorRate === undefined || figures.errorRate > 1) return false;
          if (Date.now() - begun < steadyMilliseconds(sandbox)) return false;
          return made.restorable();
        });
      },

      announceVersion: () =>
        announce({ version: "0.1.1", previousVersion: "0.1.0", migration: false, stable: true }),

      async release() {
        await announce({ version: "0.2.0", previousVersion: "0.1.1", migration: true });
        await made.withAdmin(DATABASE, async (client) => {
          for (const statement of BAD_MIGRATION) await client.query(statement);
          kept.damaged = await digestOf(client, "definition");
        });
        await made.saveSettings(manifests.BAD_SETTINGS);
        await apply(manifests.configMap(manifests.BAD_SETTINGS));
        await apply(manifests.autoscaler(1, 3));
        await apply(manifests.deployment(manifests.BAD_IMAGE));
        return [
          "release 0.2.0: migration 20251114100000 drops the column that 0.1.1 reads, and its data",
          'release 0.2.0: the config map says MAX_STEPS "fifty", and every new pod ends at once',
          "release 0.2.0: the autoscaler may go down to one pod",
        ];
      },

      expectations: (run: EndedRun): Promise<Expectation[]> =>
        expectations(run, sandbox, { withAdmin: made.withAdmin, kept, load }),
      stop,
    };
  },
};
