import {
  AppConfigClient,
  CreateHostedConfigurationVersionCommand,
  GetHostedConfigurationVersionCommand,
  ListDeploymentsCommand,
  ListHostedConfigurationVersionsCommand,
  StartDeploymentCommand,
} from "@aws-sdk/client-appconfig";
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from "@aws-sdk/client-appconfigdata";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PreflightReport } from "../../lambdas/runtime/protocol.ts";
import { CONFIG } from "../../scenarios/ai-reliability/data.ts";
import { until } from "../../scenarios/until.ts";
import { approver } from "./approver.ts";
import { watchdog } from "./command.ts";
import { flagsOnly, type Reported } from "./flags-only.ts";
import { type DrillBench, drillBench, ended } from "./harness.ts";

const metric = (name: string) => ({ namespace: "AiReliability", name, statistic: "Average", period: "1m" });

const LEAD = "lead@ai-chat.example";
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
        plan["escalation"] = {
          rungs: [{ after: "0m", audiences: ["engineers"] }],
          repeat: { every: "10m", times: 1 },
        };
        plan["approval"] = { approvers: [LEAD] };
        plan["followUps"] = [];
        const redeploy = plan["redeploy"] as { steps: { name: string; hold: string }[] };
        Object.assign(redeploy, { every: "30s", settle: "1m", approval: { ask: "ramp" } });
        for (const step of redeploy.steps) step.hold = step.name === "25 %" ? "10m" : "1m";
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

  const command = (...args: string[]) => watchdog(bench.sandbox, ...args);
  const appconfig = () => new AppConfigClient(bench.sandbox.clientConfig());
  const PROFILE = { ApplicationId: CONFIG.application.id, ConfigurationProfileId: "flags01" };
  const ENVIRONMENT = { ApplicationId: CONFIG.application.id, EnvironmentId: CONFIG.environments[0]!.id };

  /** Starts a ramp as an operator does, and has an approver decide; gives its execution. */
  async function begin(
    version: string,
    decision: "approve" | "reject" = "approve",
    meanwhile: (run: string) => Promise<void> = async () => undefined,
  ): Promise<{ run: string; executionArn: string }> {
    const { code, out, err } = await command("redeploy", bench.service, "--version", version, "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const begun = JSON.parse(out) as { run: string; executionArn: string };
    const lead = approver(bench, LEAD);
    const link = await lead.link(begun.run);
    await meanwhile(begun.run);
    const answer = await lead.decide(link, decision);
    expect(answer.status).toBe(200);
    return begun;
  }

  /** What somebody else does in the console: the flag at a share of his own. */
  async function setShare(rolloutPercent: number): Promise<void> {
    const client = appconfig();
    const { Items = [] } = await client.send(new ListHostedConfigurationVersionsCommand(PROFILE));
    const VersionNumber = Math.max(...Items.map((each) => each.VersionNumber ?? 0));
    const { Content, ContentType } = await client.send(
      new GetHostedConfigurationVersionCommand({ ...PROFILE, VersionNumber }),
    );
    const document = JSON.parse(Buffer.from(Content ?? []).toString());
    document.values["response-validation"].rolloutPercent = rolloutPercent;
    const made = await client.send(
      new CreateHostedConfigurationVersionCommand({
        ...PROFILE,
        Content: Buffer.from(JSON.stringify(document)),
        ContentType,
      }),
    );
    await client.send(
      new StartDeploymentCommand({
        ...ENVIRONMENT,
        ConfigurationProfileId: "flags01",
        ConfigurationVersion: String(made.VersionNumber),
        DeploymentStrategyId: "atonce1",
      }),
    );
    await until("his share", async () => (await flag()).rolloutPercent === rolloutPercent);
  }

  const called = async (run: string) => {
    await until("people to be called", () =>
      bench.mails().some(({ subject, text }) => subject.includes("ESCALATION") && text.includes(run)),
    );
    const { code } = await command("ack", run, "--service", bench.service, "--by", "ada");
    expect(code).toBe(0);
  };

  it("is rehearsed with the rollback: its rows, and whether one would be let in now", async () => {
    const { out } = await command("preflight", bench.service, "--version", "2.4.1", "--json");
    const { redeploy } = JSON.parse(out) as PreflightReport;

    expect(redeploy).toMatchObject({
      executable: true,
      refused: "",
      lock: "free",
      freeze: "none",
      budget: "not used up",
      version: "2.4.1 is not known to be bad",
    });
    expect(redeploy!.steps.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["staging", "to-10-percent", "to-100-percent", "retries-on", "staging-is-well"]),
    );
    for (const { permitted, of } of redeploy!.steps) expect(permitted).toBe(of);
  }, 60_000);

  it("shows in a dry run what it would do, the calls with what IAM says, the holds, and changes nothing", async () => {
    const before = [await flag(), (await appconfig().send(new ListDeploymentsCommand(ENVIRONMENT))).Items];
    const { code, out } = await command("redeploy", bench.service, "--version", "2.4.1", "--dry-run");
    const after = [await flag(), (await appconfig().send(new ListDeploymentsCommand(ENVIRONMENT))).Items];

    expect(after).toEqual(before);
    expect(await executions("redeploy-hold")).toEqual([]);
    expect((await row("RAMP"))?.["run"]).toBeUndefined();
    const text = out.replace(/ +/g, " ");
    for (const step of ["1. staging: held 1 min", "2. 10 %: held 1 min", "3. 25 %: held 10 min"])
      expect(text).toContain(step);
    expect(text).toContain("to-10-percent: flag response-validation: ");
    expect(text).toContain("would call appconfig:StartDeployment allowed");
    expect(text).not.toContain("DENIED");
    expect(text).toContain("taken back a step by triggers: high-error-rate");
    expect(text).toContain(`approval ${LEAD} are asked once`);
    expect({ code, last: text.trim().split("\n").at(-1) }).toEqual({
      code: 0,
      last: "A redeploy would be let in now.",
    });
  }, 60_000);

  it("is over when an approver says no, with nothing changed", async () => {
    const before = await flag();
    const { run, executionArn } = await begin("2.4.0", "reject", async (asked) => {
      const { out } = await command("status", bench.service);
      expect(out).toContain("redeploy 2.4.0 is at the start");
      expect(out).toContain(`watchdog approve ${asked}`);
    });
    const ramp = await ended(bench.sandbox, executionArn);

    expect(ramp).toMatchObject({ status: "FAILED", error: "Rejected" });
    expect(await flag()).toEqual(before);
    expect((await row(`RUN#${run}`))?.["ending"]?.S).toBe("rejected at the start");
  }, 60_000);

  it("climbs to everybody, and is in the history as redeployed", async () => {
    const { run, executionArn } = await begin("2.4.1");
    const ramp = await ended(bench.sandbox, executionArn);

    expect(`${ramp.status} ${ramp.error ?? ""} ${ramp.cause ?? ""}`.trim()).toBe("SUCCEEDED");
    expect(await flag()).toMatchObject({ enabled: true, rolloutPercent: 100 });
    expect((await row("LOCK"))?.["state"]?.S).toBe("free");
    expect((await row(`RUN#${run}`))?.["ending"]?.S).toBe("redeployed");
    expect((await executions("redeploy-hold")).length).toBe(5);
    const { code, out: report } = await command("report", run, "--service", bench.service);
    expect({ code, report }).toMatchObject({ code: 0, report: expect.stringContaining("redeployed") });
    expect(report).toContain("to-25-percent: flag response-validation: rolloutPercent 10 → 25");
    const { out } = await command("history", bench.service, "--outcome", "redeployed");
    expect(out).toContain(`${run} (redeploy)`);
  }, 90_000);

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
    await called(run);
  }, 60_000);

  it("overwrites nothing of what somebody else changed while it held, stops where it is, and calls people", async () => {
    const { run, executionArn } = await begin("2.4.5");
    await until("a quarter", async () => (await row("RAMP"))?.["step"]?.S === "25 %");
    await until("its flag", async () => (await flag()).rolloutPercent === 25);
    // Not while the change is being made: that one would be the surprise.
    await until("its hold", async () => (await row("LOCK"))?.["state"]?.S === "free");
    await setShare(70);
    const ramp = await ended(bench.sandbox, executionArn);

    expect(ramp).toMatchObject({ status: "FAILED", error: "RampFailed" });
    expect(ramp.cause).toContain("rolloutPercent 70 → 50");
    expect((await flag()).rolloutPercent).toBe(70);
    expect((await row(`RUN#${run}`))?.["ending"]?.S).toBe("stopped at 25 %");
    expect((await row("LOCK"))?.["state"]?.S).toBe("free");
    await called(run);
  }, 90_000);

  it("is over when another version is deployed in the middle, and leaves what is out", async () => {
    const { run, executionArn } = await begin("2.4.6");
    await until("a quarter", async () => (await row("RAMP"))?.["step"]?.S === "25 %");
    await until("its flag", async () => (await flag()).rolloutPercent === 25);
    // As `watchdog deployed` sends it.
    await new EventBridgeClient(bench.sandbox.clientConfig()).send(
      new PutEventsCommand({
        Entries: [
          {
            Source: "watchdog.deployment",
            DetailType: "Deployment",
            Detail: JSON.stringify({
              service: bench.service,
              version: "2.5.0",
              startedAt: new Date(bench.sandbox.world.clock.now()).toISOString(),
            }),
          },
        ],
      }),
    );
    const ramp = await ended(bench.sandbox, executionArn);

    expect(ramp).toMatchObject({ status: "FAILED", error: "Replaced" });
    expect(ramp.cause).toContain("version 2.5.0 was deployed while 2.4.6 went out again");
    expect(`${(await flag()).rolloutPercent} %`).toBe((await row("RAMP"))?.["step"]?.S);
    expect((await row(`RUN#${run}`))?.["ending"]?.S).toBe("replaced");
    await called(run);
  }, 90_000);

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
