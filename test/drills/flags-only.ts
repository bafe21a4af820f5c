import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { configure } from "../../scenarios/ai-reliability/configuration.ts";
import { CONFIG } from "../../scenarios/ai-reliability/data.ts";
import type { RunningScenario, Scenario } from "../../scenarios/scenario.ts";

/** What the chat and its staging report; a test sets it. */
export interface Reported {
  errorRate: number;
  latency: number;
}

const REPORT_SECONDS = 15;

/**
 * The AI chat without chat: its flags are in AppConfig, and what it would report of itself is reported as a test wants
 * it. For what is about flags and metrics alone: no database, no load.
 */
export function flagsOnly(reported: Reported): Scenario {
  return {
    name: "flags-only",
    summary: "the flags of ai-reliability, and metrics as the test wants them",
    async prepare(sandbox): Promise<RunningScenario> {
      const cloudwatch = new CloudWatchClient(sandbox.clientConfig());
      const { clock } = sandbox.world;
      sandbox.createAppConfigApplication(CONFIG);
      await configure(sandbox, "stable");
      let stopped = false;
      const report = async (): Promise<void> => {
        const Timestamp = new Date(clock.now());
        const of = (
          MetricName: string,
          Value: number,
          Dimensions = [] as { Name: string; Value: string }[],
        ) => ({
          MetricName,
          Value,
          Timestamp,
          Dimensions,
        });
        await cloudwatch.send(
          new PutMetricDataCommand({
            Namespace: "AiReliability",
            MetricData: [
              of("ErrorRate", reported.errorRate),
              of("ErrorRate", 0, [{ Name: "Environment", Value: "staging" }]),
              of("ErrorRate", reported.errorRate, [{ Name: "Model", Value: "north-large" }]),
              of("Latency", reported.latency),
            ],
          }),
        );
        clock.after(REPORT_SECONDS * 1000, () => {
          if (stopped) return;
          report().catch((error: Error) => {
            // A request that is under way when the sandbox stops is nobody's any more.
            if (!stopped) throw error;
          });
        });
      };
      const stop = async () => {
        stopped = true;
      };
      sandbox.world.onStop(stop);
      return {
        url: "",
        warmUp: () => report(),
        announceVersion: async () => undefined,
        release: async () => [],
        figures: () => ({ errorRate: reported.errorRate, requestsPerSecond: 0 }),
        expectations: async () => [],
        stop,
      };
    },
  };
}
