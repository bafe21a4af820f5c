import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from "@aws-sdk/client-eventbridge";
import {
  DeleteRolePolicyCommand,
  IAMClient,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  DescribeSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { DryRun } from "../../bin/dry-run.ts";
import type { PlannedRun, PreflightReport } from "../../lambdas/runtime/protocol.ts";
import { loadPlanOrThrow } from "../../lib/plan/load.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, drillBench } from "../drills/harness.ts";

const SERVICE = "llm-research-lab";
const PLAN = `plans/${SERVICE}.yaml`;
let bench: DrillBench;
let iam: IAMClient;
let events: EventBridgeClient;
let rule: string;

beforeAll(async () => {
  bench = await drillBench(SERVICE, {
    change: (plan) => {
      plan["preflight"] = { every: "30m" };
      // Whole: the file is compared with what is deployed.
      plan["practice"] = loadPlanOrThrow(PLAN).practice;
    },
  });
  events = new EventBridgeClient(bench.sandbox.clientConfig());
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  rule = Rules.find(({ ScheduleExpression }) => ScheduleExpression === "rate(30 minutes)")!.Name!;
  // By hand only, until the last test: it says when.
  await events.send(new DisableRuleCommand({ Name: rule }));
  iam = new IAMClient(bench.sandbox.clientConfig());
});

afterAll(() => bench?.close());

const preflight = (...args: string[]) => command("preflight", ...args);

async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { sandbox } = bench;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["bin/watchdog.ts", ...args],
      {
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: sandbox.endpoint,
          AWS_REGION: sandbox.region,
          AWS_ACCESS_KEY_ID: sandbox.adminCredentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: sandbox.adminCredentials.secretAccessKey,
        },
      },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const report = async (): Promise<PreflightReport & { code: number }> => {
  const { code, out, err } = await preflight(PLAN, "--json");
  expect(err).toBe("");
  return { ...JSON.parse(out), code };
};

const notices = () => bench.mails().filter(({ subject }) => /could (NOT )?be carried out/.test(subject));

/** Takes a permission from a role of the stack until the test is over. */
async function deny(rolePart: string, action: string): Promise<() => Promise<void>> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const { RoleName } = Roles.find((role) => role.RoleName!.includes(rolePart))!;
  const policy = { RoleName, PolicyName: "taken-away" };
  await iam.send(
    new PutRolePolicyCommand({
      ...policy,
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Action: action, Resource: "*" }],
      }),
    }),
  );
  return async () => {
    await iam.send(new DeleteRolePolicyCommand(policy));
  };
}

describe("watchdog preflight", () => {
  it("shows what each step would do, that its roles may, and that nothing is in the way", async () => {
    const { code, executable, steps, problems } = await report();

    expect(problems).toEqual([]);
    expect(steps.flatMap((step) => step.problems)).toEqual([]);
    expect({ code, executable }).toEqual({ code: 0, executable: true });
    expect(steps.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "snapshot",
        "fence",
        "restore",
        "provider-key",
        "database-address",
        "error-rate",
      ]),
    );
    expect(steps.find(({ id }) => id === "restore")!.resolvesTo).toContain("llm-research-db");
    for (const { permitted, of } of steps) expect(permitted).toBe(of);
    expect(steps.find(({ id }) => id === "provider-key")!.of).toBeGreaterThan(2);
    expect(notices()).toEqual([]);
  });

  it("says in a table for people, and starts no run", async () => {
    const { code, out } = await preflight(PLAN);

    expect(code).toBe(0);
    expect(out).toMatch(/step +resolves to +permitted +problems/);
    expect(out).toContain("the plan could be carried out. Nothing was changed.");
    const { executions = [] } = await new SFNClient(bench.sandbox.clientConfig()).send(
      new ListExecutionsCommand({ stateMachineArn: bench.stateMachineArn }),
    );
    expect(executions).toEqual([]);
  });

  it("as a dry run, shows the calls of each step in order with what IAM says, time, cost and loss", async () => {
    const [shown, asked] = await Promise.all([
      command("dry-run", SERVICE),
      command("dry-run", SERVICE, "--json"),
    ]);
    const found = JSON.parse(asked.out) as DryRun;
    const steps = found.stages.flatMap((stage) => stage.steps);

    expect([shown.code, asked.code, found.executable]).toEqual([0, 0, true]);
    expect(found.stages.map(({ name }) => name)).toEqual(bench.plan.stages.map(({ name }) => name));
    const calls = steps.find(({ id }) => id === "database-address")!.calls;
    expect(calls).toContainEqual({
      as: "write",
      action: "route53:ChangeResourceRecordSets",
      resource: "arn:aws:route53:::hostedzone/Z0RESEARCHLAB",
      allowed: true,
    });
    expect(steps.flatMap((step) => step.calls).filter(({ allowed }) => !allowed)).toEqual([]);
    expect(found.loss.map(({ step }) => step)).toEqual(["restore"]);
    expect(found.loss[0]!.seconds).toBeGreaterThan(0);
    expect(found.seconds).toMatchObject({ past: 0, pastMedian: null });
    expect(found.seconds.least).toBeGreaterThan(1800);
    expect(found.usd.most).toBeGreaterThan(found.usd.least);
    expect(shown.out.replace(/ +/g, " ")).toContain("would call rds:RestoreDBInstanceToPointInTime allowed");
    expect(shown.out).toMatch(/^loss {2}restore brings back what was there at /m);
  });

  it("a run that is dry mails the calls that it would make, in their order, with what IAM says of each", async () => {
    expect((await command("deployed", SERVICE, "1.3.0", "--previous", "1.2.2")).code).toBe(0);
    const giveBack = await deny("Writerdnsfailover", "route53:ChangeResourceRecordSets");
    onTestFinished(giveBack);

    const { status, output } = await bench.run({ reason: "practice", dryRun: true });

    expect(status).toBe("SUCCEEDED");
    const { planned } = output as { planned: PlannedRun };
    expect(planned.steps.map(({ step }) => step)).toEqual(
      bench.plan.stages.flatMap(({ steps }) => steps.map(({ id }) => id)),
    );
    expect(planned).toMatchObject({ unknown: "", past: { runs: 0, medianSeconds: null } });
    const dry = () => bench.mails().find(({ subject }) => subject.includes("dry run"));
    await until("its mail", () => dry() !== undefined);
    const text = dry()!.text.replace(/\s+/g, " ");
    expect(text).toContain("restore: rds:RestoreDBInstanceToPointInTime: allowed");
    expect(text).toMatch(/database-address: route53:ChangeResourceRecordSets: DENIED on \S+Z0RESEARCHLAB/);
    expect(text).toContain("fence: secretsmanager:GetSecretValue: allowed");
    expect(text.indexOf("snapshot: rds:Create")).toBeLessThan(text.indexOf("restore: rds:Restore"));
    expect(text).toMatch(/restore brings back what was there at /);
    expect(text).toContain("Nothing was rolled back in the last 90 days.");
  });

  it("finds a permission that a deployed role lost, tells once, and once when it is back", async () => {
    const giveBack = await deny("Writerrdspitr", "rds:RestoreDBInstanceToPointInTime");
    const first = await report();
    await report();

    expect({ code: first.code, executable: first.executable }).toEqual({ code: 1, executable: false });
    expect(first.steps.find(({ id }) => id === "restore")!.problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^write: .* may not rds:RestoreDBInstanceToPointInTime on .* \(a policy denies it\)$/,
        ),
      ]),
    );
    await until("the notice", () => notices().length > 0);
    expect(notices()).toHaveLength(1);
    expect(notices()[0]!.text).toContain("rds:RestoreDBInstanceToPointInTime");
    const dry = await command("dry-run", SERVICE);
    expect(dry.code).toBe(1);
    expect(dry.out.replace(/ +/g, " ")).toContain("would call rds:RestoreDBInstanceToPointInTime DENIED");

    await giveBack();
    expect((await report()).executable).toBe(true);
    await until("the all-clear", () => notices().length > 1);
    expect(notices()[1]!.subject).toContain("could be carried out again");
  });

  it("names a step that cannot be resolved, and goes on with the others", async () => {
    const secrets = new SecretsManagerClient(bench.sandbox.clientConfig());
    const SecretId = "llm-research/provider-key";
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    const previous = Object.keys(VersionIdsToStages).find((id) =>
      VersionIdsToStages[id]!.includes("AWSPREVIOUS"),
    )!;
    const stage = { SecretId, VersionStage: "AWSPREVIOUS" };
    await secrets.send(new UpdateSecretVersionStageCommand({ ...stage, RemoveFromVersionId: previous }));
    onTestFinished(async () => {
      await secrets.send(new UpdateSecretVersionStageCommand({ ...stage, MoveToVersionId: previous }));
    });

    const { executable, steps } = await report();

    expect(executable).toBe(false);
    expect(steps.find(({ id }) => id === "provider-key")!.problems).toEqual([
      expect.stringMatching(/^Refusal: The secret llm-research\/provider-key has no previous version/),
    ]);
    expect(steps.find(({ id }) => id === "database-address")!.problems).toEqual([]);
  });

  it("tries nothing while a run is under way", async () => {
    const lock = (state: string) =>
      new DynamoDBClient(bench.sandbox.clientConfig()).send(
        new UpdateItemCommand({
          TableName: `${SERVICE}-watchdog`,
          Key: { pk: { S: `service#${SERVICE}` }, sk: { S: "LOCK" } },
          UpdateExpression: "SET runId = :run, #state = :state, generation = :one, since = :since",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":run": { S: "run-1" },
            ":state": { S: state },
            ":one": { N: "1" },
            ":since": { S: "2026-11-21T10:00:00.000Z" },
          },
        }),
      );
    await lock("running");
    onTestFinished(async () => {
      await lock("free");
    });

    const { code, out } = await preflight(PLAN);

    expect(code).toBe(3);
    expect(out).toContain("Nothing was tried: run run-1 is under way");
  });

  it("says that a file is not what is deployed", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "watchdog-preflight-")), "edited.yaml");
    onTestFinished(() => rmSync(dirname(file), { recursive: true }));
    writeFileSync(file, `${readFileSync(PLAN, "utf8")}\nrunbook: edited\n`.replace(/^runbook: R\n/m, ""));

    const { code, out } = await preflight(file);

    expect(code).toBe(1);
    expect(out).toContain("this file is not what is deployed");
  });

  it("names a service that has no stack", async () => {
    const folder = mkdtempSync(join(tmpdir(), "watchdog-preflight-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "other.yaml");
    writeFileSync(
      file,
      readFileSync(`plans/${SERVICE}.yaml`, "utf8").replace(`service: ${SERVICE}`, "service: other"),
    );

    const { code, err } = await preflight(file);

    expect(code).toBe(1);
    expect(err).toContain("There is no watchdog of other");
  });

  it("is rehearsed every 30 minutes without anybody asking", async () => {
    const states = new SFNClient(bench.sandbox.clientConfig());
    const rehearsal = { stateMachineArn: bench.stateMachineArn.replace(/rollback$/, "preflight") };
    const before = (await states.send(new ListExecutionsCommand(rehearsal))).executions!.length;

    await events.send(new EnableRuleCommand({ Name: rule }));

    await until(
      "the rule to start a rehearsal",
      async () => {
        const { executions = [] } = await states.send(new ListExecutionsCommand(rehearsal));
        return executions.length > before && executions.every(({ status }) => status === "SUCCEEDED");
      },
      60_000,
    );
    expect(notices().length % 2).toBe(0);
  });
});
