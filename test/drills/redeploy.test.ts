import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from "@aws-sdk/client-appconfigdata";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONFIG } from "../../scenarios/ai-reliability/data.ts";
import { until } from "../../scenarios/until.ts";
import { watchdog } from "./command.ts";
import { flagsOnly, type Reported } from "./flags-only.ts";
import { type DrillBench, drillBench, ended } from "./harness.ts";

const metric = (name: string) => ({ namespace: "AiReliability", name, statistic: "Average", period: "1m" });

describe("a release that goes out again", () => {
  const reported: Reported = { errorRate: 0, latency: 100 };
  let bench: DrillBench;

  beforeAll(async () => {
    // The ramp of the plan with its own steps and changes; only its holds are minutes. The rest of the plan is cut down
    // to what flags need.
    bench = await drillBench("ai-reliability", {
      speed: 90,
      scenario: flagsOnly(reported),
      change: (plan) => {
        const stages = plan["stages"] as { name: string; levels?: string[] }[];
        const flagOff = stages.find(({ name }) => name === "flag off")!;
        delete flagOff.levels;
        delete plan["levels"];
        plan["stages"] = [flagOff];
        const triggers = plan["triggers"] as { id: string; for?: string; level: string }[];
        plan["triggers"] = triggers
          .filter(({ id }) => id === "high-error-rate")
          .map((trigger) => ({ ...trigger, for: "2m", level: "full" }));
        // The alarm alone is to notice errors here, so the checks look at something else.
        const latency = { metric: metric("Latency"), expect: "< 5000", over: "2m" };
        plan["verify"] = [{ id: "quick", check: "metric-check", with: latency }];
        plan["watch"] = {
          for: "2m",
          every: "1m",
          settle: "1m",
          checks: [{ id: "quick-watch", check: "metric-check", with: latency }],
        };
        plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s", eventAge: "15m" };
        delete plan["escalation"];
        plan["followUps"] = [];
        const redeploy = plan["redeploy"] as { steps: { name: string; hold: string }[] };
        Object.assign(redeploy, { every: "30s", settle: "1m" });
        for (const step of redeploy.steps) step.hold = step.name === "25 %" ? "2m" : "1m";
      },
    });
  }, 120_000);
  afterAll(() => bench?.close());

  const machine = (name: string) => bench.stateMachineArn.replace(/-rollback$/, `-${name}`);
  const states = () => new SFNClient(bench.sandbox.clientConfig());
  const executions = async (name: string) =>
    (await states().send(new ListExecutionsCommand({ stateMachineArn: machine(name) }))).executions ?? [];

  const row = async (sk: string) =>
    (
      await new DynamoDBClient(bench.sandbox.clientConfig()).send(
        new GetItemCommand({
          TableName: `${bench.service}-watchdog`,
          Key: { pk: { S: `service#${bench.service}` }, sk: { S: sk } },
          ConsistentRead: true,
        }),
      )
    ).Item;

  /** What a client of AppConfig gets of the flag now. */
  async function flag(): Promise<{ enabled: boolean; rolloutPercent: number }> {
    const data = new AppConfigDataClient(bench.sandbox.clientConfig());
    const { InitialConfigurationToken: ConfigurationToken } = await data.send(
      new StartConfigurationSessionCommand({
        ApplicationIdentifier: CONFIG.application.id,
        EnvironmentIdentifier: CONFIG.environments[0]!.id,
        ConfigurationProfileIdentifier: "flags01",
      }),
    );
    const { Configuration } = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
    return JSON.parse(Buffer.from(Configuration ?? []).toString())["response-validation"];
  }

  const subjects = () => bench.mails().map(({ subject }) => subject);

  /** Starts a ramp as an operator does; gives its execution. */
  async function begin(version: string): Promise<{ run: string; executionArn: string }> {
    const { code, out, err } = await watchdog(
      bench.sandbox,
      ...["redeploy", bench.service, "--version", version, "--json"],
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    return JSON.parse(out) as { run: string; executionArn: string };
  }

  it("climbs to everybody, and is in the history as redeployed", async () => {
    const { run, executionArn } = await begin("2.4.1");
    const ramp = await ended(bench.sandbox, executionArn);

    expect(`${ramp.status} ${ramp.error ?? ""} ${ramp.cause ?? ""}`.trim()).toBe("SUCCEEDED");
    expect(await flag()).toMatchObject({ enabled: true, rolloutPercent: 100 });
    expect((await row("LOCK"))?.["state"]?.S).toBe("free");
    expect((await row(`RUN#${run}`))?.["ending"]?.S).toBe("redeployed");
    expect((await executions("redeploy-hold")).length).toBe(5);
  }, 60_000);
});
