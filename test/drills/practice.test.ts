import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { AssumeRoleCommand, STSClient, type Tag } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PracticeEndAnswer } from "../../lambdas/runtime/protocol.ts";
import { restoredName } from "../../lambdas/runtime/tokens.ts";
import { issueCredentials } from "../../sandbox/front/credentials.ts";
import { iamState } from "../../sandbox/services/iam/state.ts";
import type { CallRequest } from "../../sandbox/world.ts";
import { until } from "../../scenarios/until.ts";
import { everything, INSTANCE, SECRET, s3Of, scenario } from "../actions/benches/databases.ts";
import { watchdog } from "./command.ts";
import { type DrillBench, drillBench, type EndedExecution, ended } from "./harness.ts";

/** Sandbox time that a restore must reach back: the release that is assumed, and the margin before it. */
const REACH = 11 * 60_000;

describe("a practice of the restore", () => {
  let bench: DrillBench;
  let rds: RDSClient;
  let calls: CallRequest[];
  /** The instances before anything was practised. */
  let there: (string | undefined)[];

  beforeAll(async () => {
    bench = await drillBench("practice", {
      planFile: "test/drills/practice.yaml",
      scenario,
      metricsReported: false,
    });
    rds = new RDSClient(bench.sandbox.clientConfig());
    there = await instances();
    calls = [];
    bench.sandbox.world.interceptors.push({
      before: (request) => {
        if (request.principal.type === "role") calls.push(request);
      },
    });
    await until(
      "RDS to be able to restore to before the release that is assumed",
      async () => {
        const { DBInstanceAutomatedBackups } = await rds.send(
          new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: INSTANCE }),
        );
        const earliest = DBInstanceAutomatedBackups?.[0]?.RestoreWindow?.EarliestTime?.getTime();
        return earliest !== undefined && earliest < bench.sandbox.world.clock.now() - REACH;
      },
      60_000,
    );
  }, 120_000);
  afterAll(() => bench?.close());

  const practise = (name: string, input: object = { by: "somebody" }): Promise<EndedExecution> =>
    bench.run(input, name, machine());
  const machine = () => bench.stateMachineArn.replace(/rollback$/, "practice");
  /** Puts the schedule's next time a minute from now, and waits for what it starts. */
  const scheduled = async (): Promise<EndedExecution> => {
    const scheduler = new SchedulerClient(bench.sandbox.clientConfig());
    const { Target } = await scheduler.send(new GetScheduleCommand({ Name: "orders-practice" }));
    const due = new Date(bench.sandbox.world.clock.now() + 60_000).toISOString().slice(0, 19);
    await scheduler.send(
      new UpdateScheduleCommand({
        Name: "orders-practice",
        ScheduleExpression: `at(${due})`,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target,
      }),
    );
    const states = new SFNClient(bench.sandbox.clientConfig());
    const begun = async () =>
      (await states.send(new ListExecutionsCommand({ stateMachineArn: machine() }))).executions!;
    await until("the schedule to start it", async () => (await begun()).length > 0);
    return ended(bench.sandbox, (await begun())[0]!.executionArn!);
  };
  const copyOf = (run: string) => restoredName(INSTANCE, { id: run, practice: true }, "restore");
  const instances = async () =>
    (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances!.map(
      (each) => each.DBInstanceIdentifier,
    );
  const mailOf = async (run: string) => {
    const found = () => bench.mails().filter(({ text }) => text.includes(run));
    await until(`the mail about ${run}`, () => found().length > 0);
    return found();
  };
  const reportOf = async (run: string, name: string) => {
    const { report } = (await endOf(run)) as { report: string };
    const [Bucket, ...key] = report.split("/");
    const { Body } = await s3Of(bench.sandbox).send(
      new GetObjectCommand({ Bucket, Key: [...key.slice(0, -1), name].join("/") }),
    );
    return Body!.transformToString();
  };
  const row = { TableName: "orders-watchdog" };
  const endOf = async (run: string): Promise<Record<string, string | undefined>> => {
    const { Item = {} } = (await bench.sandbox.world.call({
      service: "dynamodb",
      operation: "GetItem",
      input: { ...row, Key: { pk: { S: "service#orders" }, sk: { S: `PRACTICE#${run}` } } },
      principal: { type: "admin" },
    })) as { Item?: Record<string, { S?: string; N?: string }> };
    return Object.fromEntries(Object.entries(Item).map(([name, { S, N }]) => [name, S ?? N]));
  };

  it("restores a real copy, checks it, measures, tells, and deletes it; the live database stays as it is", async () => {
    const before = await everything(bench.sandbox);
    const from = calls.length;

    const run = await scheduled();
    const practice = run.executionArn.split(":").at(-1)!;

    expect(`${run.status} ${run.cause ?? ""}`.trim()).toBe("SUCCEEDED");
    const found = run.output as PracticeEndAnswer;
    expect(found).toMatchObject({ outcome: "restore works", good: true, left: [] });
    expect(found.restoreSeconds).toBeGreaterThan(0);
    expect(found.restoreSeconds).toBeLessThan(7200);
    expect(found.lossSeconds).toBeGreaterThanOrEqual(0);
    expect(found.line).toMatch(/^the restore works: [\d:]+ of 2:00:00$/);
    expect(await instances()).toEqual(there);
    expect(await everything(bench.sandbox)).toEqual(before);

    const own = calls.slice(from);
    const restored = own.find(({ operation }) => operation === "RestoreDBInstanceToPointInTime")!.input as {
      TargetDBInstanceIdentifier: string;
      Tags: { Key: string; Value: string }[];
      DeletionProtection: boolean;
      BackupRetentionPeriod: number;
    };
    expect(restored).toMatchObject({
      TargetDBInstanceIdentifier: copyOf(practice),
      DeletionProtection: false,
      // As the live one has it: a restore without its first backup would look quicker than it is.
      BackupRetentionPeriod: 1,
    });
    expect(restored.Tags).toContainEqual({ Key: "watchdog:practice", Value: practice });
    const changes = own.filter(
      ({ operation }) =>
        !/^(Describe|Get|List|Query|BatchGet|PutLogEvents|CreateLogStream|Invoke|PutMetricData)/.test(
          operation,
        ),
    );
    const kinds = new Set(changes.map(({ service, operation }) => `${service}:${operation}`));
    expect([...kinds].toSorted()).toEqual([
      "dynamodb:PutItem",
      "rds:DeleteDBInstance",
      "rds:RestoreDBInstanceToPointInTime",
      "s3:PutObject",
      "sns:Publish",
      "states:StartExecution",
      "sts:AssumeRole",
    ]);

    const [mail] = await mailOf(practice);
    expect(mail!.subject).toMatch(/^\[orders\] practice: the restore works: [\d:]+ of 2:00:00$/);
    expect(await endOf(practice)).toMatchObject({
      outcome: "restore works",
      reason: "practice, asked for by its schedule",
    });
    expect(await reportOf(practice, "report.md")).toContain("Everything that this practice made is deleted.");
    expect(await reportOf(practice, "report.html")).toContain("restored-orders");
  }, 90_000);

  it("whose check fails says that the restore does not work, and still leaves nothing behind", async () => {
    const secrets = new SecretsManagerClient(bench.sandbox.clientConfig());
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: SECRET }));
    const put = (text: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: text }));
    onTestFinished(async () => void (await put(SecretString!)));
    await put(JSON.stringify({ ...JSON.parse(SecretString!), password: "wrong" }));

    const { code, out } = await watchdog(bench.sandbox, "practice", "orders", "--by", "somebody", "--json");

    const found = JSON.parse(out) as PracticeEndAnswer & { practice: string };
    expect({ code, outcome: found.outcome, left: found.left }).toEqual({
      code: 1,
      outcome: "restore does not work",
      left: [],
    });
    const [mail] = await mailOf(found.practice);
    expect(mail!.subject).toBe("[orders] practice: the restore does NOT work");
    expect(mail!.text).toContain("check restored-orders: failed");
    expect(await instances()).toEqual(there);
    const [history, report] = await Promise.all([
      watchdog(bench.sandbox, "history", "orders", "--outcome", "restore does not work", "--json"),
      watchdog(bench.sandbox, "report", found.practice),
    ]);
    expect(JSON.parse(history.out)).toEqual([
      expect.objectContaining({
        run: found.practice,
        practice: true,
        reason: "practice, asked for by somebody",
      }),
    ]);
    expect(report.out).toContain("orders: restore does not work");
  }, 90_000);

  it("that is stopped in the middle is cleaned up after, and its row has no outcome", async () => {
    const states = new SFNClient(bench.sandbox.clientConfig());
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: machine(), name: "practice-stopped" }),
    );
    await until("the copy to be begun", async () => (await instances()).includes(copyOf("practice-stopped")));
    await states.send(new StopExecutionCommand({ executionArn }));

    await until(
      "the copy to be gone again",
      async () => !(await instances()).includes(copyOf("practice-stopped")),
    );
    expect(await endOf("practice-stopped")).not.toHaveProperty("outcome");
  }, 60_000);

  it("does not start while a run is under way or the service is frozen, and says so", async () => {
    const dynamodb = new DynamoDBClient(bench.sandbox.clientConfig());
    const set = (sk: string, fields: Record<string, string>) =>
      dynamodb.send(
        new UpdateItemCommand({
          ...row,
          Key: { pk: { S: "service#orders" }, sk: { S: sk } },
          UpdateExpression: `SET ${Object.keys(fields)
            .map((name) => `#${name} = :${name}`)
            .join(", ")}`,
          ExpressionAttributeNames: Object.fromEntries(Object.keys(fields).map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(fields).map(([name, value]) => [`:${name}`, { S: value }]),
          ),
        }),
      );
    await set("LOCK", { runId: "run-1", state: "running", since: "2026-11-21T10:00:00.000Z" });
    const beside = await practise("practice-beside");
    await set("LOCK", { state: "free" });
    await set("FREEZE", { until: "2199-01-01T00:00:00.000Z", by: "lead" });
    const frozen = await practise("practice-frozen");
    await set("FREEZE", { until: "2000-01-01T00:00:00.000Z" });

    expect(beside.output).toEqual({
      skipped: "run run-1 is under way (running since 2026-11-21T10:00:00.000Z)",
    });
    expect((frozen.output as { skipped: string }).skipped).toContain("lead froze the automation of orders");
    expect((await mailOf("practice-beside"))[0]!.subject).toBe("[orders] practice not started");
    expect(await endOf("practice-frozen")).toMatchObject({ outcome: "practice not started" });
  }, 60_000);

  describe("its clean-up", () => {
    const OTHER = "orders-db-p-0a1b2c3d";
    const PRACTICE = "practice-of-this-test";
    const roleArn = (part: string) =>
      [...iamState(bench.sandbox.world).roles.values()].find(({ name }) => name.includes(part))!.arn;
    const arnOf = (id: string) => `arn:aws:rds:us-east-1:123456789012:db:${id}`;
    const tag = (id: string, Value: string) =>
      rds.send(
        new AddTagsToResourceCommand({
          ResourceName: arnOf(id),
          Tags: [{ Key: "watchdog:practice", Value }],
        }),
      );
    const untag = (id: string) =>
      rds.send(
        new RemoveTagsFromResourceCommand({ ResourceName: arnOf(id), TagKeys: ["watchdog:practice"] }),
      );
    /** Takes a role on as the function of the clean-up does. */
    const assume = async (Tags: Tag[], by = "PracticeCleaner") => {
      const { endpoint, region, world } = bench.sandbox;
      const own = issueCredentials(world, { type: "role", roleArn: roleArn(by), sessionName: "test" });
      const { Credentials } = await new STSClient({
        endpoint,
        region,
        credentials: own,
        maxAttempts: 1,
      }).send(new AssumeRoleCommand({ RoleArn: roleArn("PracticeDelete"), RoleSessionName: "test", Tags }));
      const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
      return new RDSClient({
        endpoint,
        region,
        maxAttempts: 1,
        credentials: {
          accessKeyId: AccessKeyId!,
          secretAccessKey: SecretAccessKey!,
          sessionToken: SessionToken!,
        },
      });
    };
    const remove = (client: RDSClient, DBInstanceIdentifier: string) =>
      client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    const DENIED = /is not authorized to perform: rds:DeleteDBInstance/;

    beforeAll(async () => {
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: OTHER,
          DBInstanceClass: "db.t4g.micro",
          Engine: "postgres",
          MasterUsername: "somebody",
          MasterUserPassword: "somebodys-password",
          AllocatedStorage: 20,
          DeletionProtection: true,
        }),
      );
      await until("the other instance", async () => {
        const { DBInstances } = await rds.send(
          new DescribeDBInstancesCommand({ DBInstanceIdentifier: OTHER }),
        );
        return DBInstances![0]!.DBInstanceStatus === "available";
      });
    }, 60_000);

    it("may not delete the live instance, another practice's, nor one without a tag", async () => {
      const client = await assume([{ Key: "practice", Value: PRACTICE }]);

      await expect(remove(client, INSTANCE)).rejects.toThrow(DENIED);
      await tag(INSTANCE, PRACTICE);
      await expect(remove(client, INSTANCE), "the live one, tagged by mistake").rejects.toThrow(DENIED);
      await untag(INSTANCE);
      await expect(remove(client, OTHER), "without a tag").rejects.toThrow(DENIED);
      await tag(OTHER, "practice-of-somebody-else");
      await expect(remove(client, OTHER), "another practice's").rejects.toThrow(DENIED);
      await tag(OTHER, PRACTICE);
      // IAM lets it through: it is RDS that protects this one.
      await expect(remove(client, OTHER)).rejects.toThrow("Cannot delete protected DB Instance");
      await expect(client.send(new DescribeDBInstancesCommand({}))).rejects.toThrow(/not authorized/);
    });

    it("takes its role on for one practice only, and no other role of the stack takes it on", async () => {
      await expect(assume([])).rejects.toThrow(/not authorized to perform: sts:AssumeRole/);
      await expect(assume([{ Key: "team", Value: "orders" }])).rejects.toThrow(/not authorized/);
      await expect(assume([{ Key: "practice", Value: PRACTICE }], "Writerrdspitr")).rejects.toThrow(
        /not authorized to perform: sts:AssumeRole/,
      );
    });
  });
});
