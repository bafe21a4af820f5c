import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from "@aws-sdk/client-appconfigdata";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONFIG } from "../../scenarios/ai-reliability/data.ts";
import { until } from "../../scenarios/until.ts";
import { watchdog } from "./command.ts";
import { flagsOnly, type Reported } from "./flags-only.ts";
import { type DrillBench, drillBench, ended } from "./harness.ts";

const metric = (name: string) => ({ namespace: "AiReliability", name, statistic: "Average", period: "1m" });

const STEPS = ["staging", "10 %", "25 %", "50 %", "100 %"];

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
          // A busy machine reports late: a gap must not end what rings.
          .map((trigger) => ({ ...trigger, for: "2m", level: "full", missing: "breaching" }));
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
        for (const step of redeploy.steps) step.hold = step.name === "25 %" ? "6m" : "1m";
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

  const freeze = (until: number) =>
    new DynamoDBClient(bench.sandbox.clientConfig()).send(
      new PutItemCommand({
        TableName: `${bench.service}-watchdog`,
        Item: {
          pk: { S: `service#${bench.service}` },
          sk: { S: "FREEZE" },
          until: { S: new Date(until).toISOString() },
          by: { S: "ada" },
        },
      }),
    );

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

  it("told people of its beginning, of each step and of its end", async () => {
    const told = () => subjects().filter((subject) => subject.includes("2.4.1"));
    await until("the last mail", () => told().some((subject) => subject.includes("redeployed")));

    for (const text of ["goes out again, in 5 steps", ...STEPS.map((name) => `is at ${name}`)])
      expect(told().filter((subject) => subject.includes(text)).length).toBeGreaterThan(0);
  });

  it("stops before its next change when a person freezes the service, and stays where it is", async () => {
    const { run, executionArn } = await begin("2.4.2");
    await until("a quarter", async () => (await row("RAMP"))?.["step"]?.S === "25 %");
    await until("its flag", async () => (await flag()).rolloutPercent === 25);
    // As `watchdog freeze` writes it; a process of its own would be too slow on a busy machine.
    await freeze(bench.sandbox.world.clock.now() + 86_400_000);
    const ramp = await ended(bench.sandbox, executionArn);
    await freeze(0);

    expect(ramp).toMatchObject({ status: "FAILED", error: "Frozen" });
    expect(ramp.cause).toContain("ada froze the automation");
    expect((await flag()).rolloutPercent).toBe(25);
    expect((await row(`RUN#${run}`))?.["ending"]?.S).toBe("frozen");
    expect((await row("LOCK"))?.["state"]?.S).toBe("free");
  }, 60_000);

  it("leaves nothing on and no lock behind when its execution is stopped", async () => {
    const { run, executionArn } = await begin("2.4.3");
    await until("the tenth", async () => (await row("RAMP"))?.["step"]?.S === "10 %");
    await states().send(new StopExecutionCommand({ executionArn }));
    await until("the ramp to be over", async () => (await row("RAMP"))?.["state"]?.S === "over");

    expect((await row(`RUN#${run}`))?.["outcome"]?.S).toBe("failed");
    await until("the lock to be free", async () => (await row("LOCK"))?.["state"]?.S === "free");
    await until("a mail that it was stopped", () =>
      bench.mails().some(({ text }) => text.includes(run) && text.includes("ABORTED")),
    );
  }, 60_000);

  it("goes back to 10 % when an alarm rings at 25 %, once, and begins a rollback when it rings on", async () => {
    const { run, executionArn } = await begin("2.4.4");
    // The flag may still be what an earlier test left.
    await until("a quarter", async () => (await row("RAMP"))?.["step"]?.S === "25 %");
    await until("its flag", async () => (await flag()).rolloutPercent === 25);
    reported.errorRate = 40;
    await until("the ramp to go back", async () => (await flag()).rolloutPercent === 10);
    // By both of an alarm's ways, and it rings on: it is the ramp's, and nothing else's.
    expect(await executions("rollback")).toEqual([]);
    const ramp = await ended(bench.sandbox, executionArn);

    expect(ramp).toMatchObject({ status: "FAILED", error: "WentBack" });
    expect(ramp.cause).toContain("ai-reliability-high-error-rate is in ALARM");
    expect((await row(`RUN#${run}`))?.["ending"]?.S).toBe("back at 10 %");
    await until("people to be told", () =>
      subjects().some((subject) => subject.includes("2.4.4 did not hold at 25 %: BACK AT 10 %")),
    );
    await until("the rollback of what rings on", async () => (await executions("rollback")).length === 1);
    expect((await executions("rollback"))[0]!.name).toMatch(/^high-error-rate-/);
    const rollback = await ended(bench.sandbox, (await executions("rollback"))[0]!.executionArn!);
    expect(rollback.states, JSON.stringify(rollback.output)).toContain("Apply retry-logic");
    reported.errorRate = 0;
  }, 90_000);

  it("does not go out again under the version that was taken back, unless a person says that it is fixed", async () => {
    const { code, err } = await watchdog(
      bench.sandbox,
      ...["redeploy", bench.service, "--version", "2.4.4", "--json"],
    );

    expect(code).toBe(1);
    expect(err).toContain("rolled back from version 2.4.4");
    expect(err).toContain("--fixed");
  }, 60_000);
});
