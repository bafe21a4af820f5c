import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { confirmSubscriptions } from "../../bin/drill/inbox.ts";
import { subscribers } from "../../lib/plan/audiences.ts";
import { loadPlanOrThrow } from "../../lib/plan/load.ts";
import { synthesize } from "../../lib/synthesize.ts";
import { mails } from "../../sandbox/engines/mail.ts";
import { addFault } from "../../sandbox/faults.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../../scenarios/until.ts";

const SERVICE = "llm-research-lab";
let folder: string;
let sandbox: Sandbox;
let stateMachineArn: string;
let states: SFNClient;
let table: DynamoDBClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "watchdog-operator-"));
  // Nothing may ring while the tests last: without metrics this plan's service would count as broken.
  const plan = parse(readFileSync(`plans/${SERVICE}.yaml`, "utf8"));
  for (const trigger of plan.triggers) if (trigger.metric) trigger.missing = "notBreaching";
  const planFile = join(folder, `${SERVICE}.yaml`);
  writeFileSync(planFile, stringify(plan));
  sandbox = await createSandbox({ speed: 1 });
  const { stacks } = await synthesize([planFile], join(folder, "cdk.out"), { rules: false });
  const { outputs } = await sandbox.deploy(join(folder, "cdk.out"), stacks[0]!.name);
  await confirmSubscriptions(sandbox, subscribers(loadPlanOrThrow(`plans/${SERVICE}.yaml`)).size);
  stateMachineArn = outputs["StateMachineArn"]!;
  states = new SFNClient(sandbox.clientConfig());
  table = new DynamoDBClient(sandbox.clientConfig());
});

afterAll(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command line as an operator does: with an endpoint, a region and credentials in the environment. */
function watchdog(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { accessKeyId, secretAccessKey } = sandbox.adminCredentials;
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_REGION: sandbox.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // A browser that shows nothing.
    BROWSER: "true",
  };
  return new Promise((resolve) =>
    execFile(process.execPath, ["bin/watchdog.ts", ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, out, err }),
    ),
  );
}

const json = async (...args: string[]) => JSON.parse((await watchdog(...args, "--json")).out);
const key = (sk: string) => ({
  TableName: `${SERVICE}-watchdog`,
  Key: { pk: { S: `service#${SERVICE}` }, sk: { S: sk } },
});

/** Puts the lock into a state that a run left behind, and takes it away again. */
async function lockLeft(state: string, runId: string): Promise<void> {
  const put = (value: string) =>
    table.send(
      new PutItemCommand({
        TableName: key("LOCK").TableName,
        Item: {
          ...key("LOCK").Key,
          state: { S: value },
          runId: { S: runId },
          generation: { N: "7" },
          since: { S: "2026-11-21T10:00:00.000Z" },
        },
      }),
    );
  await put(state);
  onTestFinished(async () => {
    await put("free");
  });
}

describe("an operator's commands, on a deployed stack", () => {
  it("status of a quiet service: free, not frozen, its alarms, no run", async () => {
    const status = await json("status", SERVICE);

    expect(status).toMatchObject({ service: SERVICE, lock: { state: "free" }, runs: [] });
    expect(status.alarms.map((alarm: { name: string }) => alarm.name)).toContain(
      `${SERVICE}-error-rate-immediate`,
    );
    expect((await watchdog("status", SERVICE)).out).toContain("freeze   none");
  });

  it("a deployment that is announced is found by the next run", async () => {
    const { code } = await watchdog("deployed", SERVICE, "1.3.0", "--previous", "1.2.4", "--migration");

    expect(code).toBe(0);
    const { startedAt } = await json(
      "deployed",
      SERVICE,
      "1.3.1",
      "--previous",
      "1.3.0",
      "--at",
      "2026-11-21T10:00:00Z",
    );
    expect(startedAt).toBe("2026-11-21T10:00:00.000Z");
    await until("the deployment to be recorded", async () => {
      const { Item } = await table.send(new GetItemCommand(key(`DEPLOYMENT#${startedAt}`)));
      return Item?.["deployment"]?.S?.includes('"1.3.1"') ?? false;
    });
  });

  it("a time that is none is refused before anything is sent", async () => {
    const { code, err } = await watchdog("deployed", SERVICE, "1.3.0", "--at", "yesterday");

    expect(code).toBe(1);
    expect(err).toContain('"yesterday" is no time. Nothing was recorded.');
  });

  it("a freeze shows in the status, refuses a run, and is lifted", async () => {
    await watchdog("freeze", SERVICE, "--until", "2099-01-01T00:00:00Z", "--by", "anna");
    expect(await json("status", SERVICE)).toMatchObject({
      frozenUntil: "2099-01-01T00:00:00.000Z",
      gate: "closed",
    });

    const { executionArn } = await json("run", SERVICE, "--reason", "a frozen try", "--dry-run");
    await until("the frozen run to end", async () => {
      const { status } = await states.send(new DescribeExecutionCommand({ executionArn }));
      return status !== "RUNNING";
    });

    await until("the mail about it", () =>
      mails(sandbox.world).some(({ text }) => text.includes("anna froze the automation")),
    );
    await watchdog("unfreeze", SERVICE);
    expect((await json("status", SERVICE)).frozenUntil).toBeUndefined();
    expect((await watchdog("status", SERVICE)).out).toContain("gate     open");
  });

  it("a pipeline reads the gate with one call, and a redeploy leaves it closed", async () => {
    const ssm = new SSMClient(sandbox.clientConfig());
    const gate = async () =>
      (await ssm.send(new GetParameterCommand({ Name: `/watchdog/${SERVICE}/gate` }))).Parameter!.Value;
    onTestFinished(async () => {
      await watchdog("unfreeze", SERVICE);
    });
    expect(await gate()).toBe("open");

    const { gate: said } = await json("freeze", SERVICE, "--until", "2099-01-01T00:00:00Z");
    const [template] = readdirSync(join(folder, "cdk.out")).filter((file) => file.endsWith(".template.json"));
    await sandbox.deploy(join(folder, "cdk.out"), template!.replace(".template.json", ""));

    expect(said).toBe("closed");
    expect(await gate()).toBe("closed");
  });

  it("a run that is stopped is told by mail, stays in the history, and gives its lock back on release", async () => {
    // Preflight waits for RDS, so that the run is still under way when it is looked at and stopped.
    onTestFinished(
      addFault(sandbox.world, {
        service: "rds",
        operation: "DescribeDBInstances",
        harm: { kind: "delay", seconds: 90 },
      }),
    );
    const { executionArn } = await json("run", SERVICE, "--reason", "to be stopped", "--by", "anna");
    const name = executionArn.split(":").at(-1);
    await until("the run to hold the lock", async () => {
      const { Item } = await table.send(new GetItemCommand(key("LOCK")));
      return Item?.["state"]?.S === "running";
    });
    const under = await watchdog("release", SERVICE);
    await states.send(new StopExecutionCommand({ executionArn }));

    expect(under.code).toBe(1);
    expect(under.err).toContain(`Run ${name} of ${SERVICE} is under way. Nothing was changed.`);
    await until("the mail that says so", () =>
      mails(sandbox.world).some(({ text }) => text.includes(`Run ${name} of ${SERVICE} ended ABORTED`)),
    );
    await until("the ladder to call for a person", () =>
      mails(sandbox.world).some(
        ({ subject, text }) => /ESCALATION 1 .*in the middle/.test(subject) && text.includes(name!),
      ),
    );
    expect((await watchdog("ack", name!, "--by", "anna")).code).toBe(0);
    expect(await json("release", SERVICE)).toEqual({
      service: SERVICE,
      run: name,
      state: "free",
      joined: [],
    });
    expect((await json("history", SERVICE))[0]).toMatchObject({
      run: name,
      reason: "to be stopped",
      dryRun: false,
    });
    const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(executions.filter(({ status }) => status === "RUNNING")).toEqual([]);
  });

  it("a report is found by the run alone, in each of its forms, and opened in the browser", async () => {
    const { executionArn } = await json("run", SERVICE, "--reason", "cannot be resolved", "--by", "anna");
    const name = executionArn.split(":").at(-1);
    await until(
      "the run to end",
      async () =>
        (await json("history", SERVICE))[0]?.run === name &&
        (await json("history", SERVICE))[0].outcome !== undefined,
    );
    onTestFinished(async () => void (await watchdog("release", SERVICE)));

    const short = await watchdog("report", name);
    const markdown = await watchdog("report", name, "--service", SERVICE, "--markdown");
    const data = await json("report", name);
    const opened = await watchdog("report", name, "--open");

    expect(short.out).toContain(`${SERVICE}: refused`);
    expect(markdown.out).toMatch(/^# Rollback of llm-research-lab: refused/);
    expect(data).toMatchObject({ ending: "refused", run: { id: name } });
    expect(readFileSync(opened.out.trim(), "utf8")).toMatch(/^<!doctype html>/);
    rmSync(dirname(opened.out.trim()), { recursive: true });
    expect((await watchdog("report", "no-such-run")).err).toContain(
      "No watchdog in this account and region knows",
    );
  }, 120_000);

  it("history is narrowed by outcome and by time, over all services", async () => {
    const refused = await json("history", "--outcome", "refused");

    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map((run: { outcome: string }) => run.outcome))).toEqual(new Set(["refused"]));
    expect(refused[0]).toMatchObject({ service: SERVICE });
    expect(await json("history", "--since", "2999-01-01")).toEqual([]);
    expect((await json("history", SERVICE, "--since", "1d")).length).toBeGreaterThanOrEqual(refused.length);
    expect((await watchdog("history", "--since", "soon")).err).toContain('"soon" is no time.');
  });

  it("a backtest finds the minutes in which the plan would have acted", async () => {
    const now = Math.floor(Date.now() / 60_000) * 60_000;
    const values = [1, 1, 20, 20, 20, 1, 1];
    await new CloudWatchClient(sandbox.clientConfig()).send(
      new PutMetricDataCommand({
        Namespace: "LlmResearch",
        MetricData: values.map((Value, index) => ({
          MetricName: "ErrorRate",
          Value,
          Timestamp: new Date(now - (values.length + 20 - index) * 60_000),
        })),
      }),
    );

    const found = await json("backtest", `plans/${SERVICE}.yaml`, "--days", "1");

    expect(found.sources).toMatchObject({
      "error-rate-immediate": "metric",
      requested: "not replayed: an event",
    });
    const own = found.findings.filter(
      (each: { criterion: string }) => each.criterion === "error-rate-immediate",
    );
    expect(own).toHaveLength(1);
    expect(own[0].at).toBe(new Date(now - 23 * 60_000).toISOString());
    expect((await watchdog("backtest", `plans/${SERVICE}.yaml`, "--days", "0")).code).toBe(1);
  });

  it("a lock that a failed run kept is given back once", async () => {
    await lockLeft("kept", "failed-run");

    await table.send(
      new PutItemCommand({
        TableName: key("LOCK").TableName,
        Item: {
          ...key("RUN#failed-run#JOINED#slow-1").Key,
          text: { S: "llm-research-lab-latency is in ALARM since 2026-11-21T10:00:00Z" },
          event: { S: "{}" },
        },
      }),
    );

    const { out } = await watchdog("status", SERVICE);
    expect(out).toContain("lock     kept, run failed-run");
    expect(out).toContain("joined   llm-research-lab-latency is in ALARM");
    const released = await watchdog("release", SERVICE);
    expect(released.code).toBe(0);
    expect(released.out).toMatch(
      /began no run of its own:\n {2}llm-research-lab-latency is in ALARM.*\nIf it/,
    );
    const again = await watchdog("release", SERVICE);
    expect(again.code).toBe(1);
    expect(again.err).toContain("No run keeps the lock");
  });

  it("a claim is left alone: its run may be about to begin", async () => {
    await lockLeft("claimed", "coming-run");

    const { code, err } = await watchdog("release", SERVICE);

    expect(code).toBe(1);
    expect(err).toContain("is about to begin. Nothing was changed.");
  });

  it("a service that has no stack is said by name", async () => {
    const { code, err } = await watchdog("status", "orders");

    expect(code).toBe(1);
    expect(err).toContain("There is no watchdog of orders in this account and region");
  });
});
