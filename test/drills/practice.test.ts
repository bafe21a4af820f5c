import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  AddTagsToResourceCommand,
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { AssumeRoleCommand, STSClient, type Tag } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PracticeEndAnswer } from "../../lambdas/runtime/protocol.ts";
import { issueCredentials } from "../../sandbox/front/credentials.ts";
import { iamState } from "../../sandbox/services/iam/state.ts";
import { until } from "../../scenarios/until.ts";
import { AURORA, AURORA_WRITER, everything, INSTANCE, SECRET } from "../actions/benches/databases.ts";
import { watchdog } from "./command.ts";
import { clusterCopyOf, copyOf, type PracticeBench, practiceBench } from "./practice-bench.ts";

/** What changes nothing, and what every function and the overseer beside it do. */
const AROUND = /^(Describe|Get|List|Query|BatchGet|PutLogEvents|CreateLogStream|Invoke|PutMetricData)/;

describe("a practice of the restore", () => {
  let bench: PracticeBench;
  let rds: RDSClient;

  beforeAll(async () => {
    bench = await practiceBench();
    rds = new RDSClient(bench.sandbox.clientConfig());
  }, 120_000);
  afterAll(() => bench?.close());

  it("restores a real copy, checks it, measures, tells, and deletes it; the live database stays as it is", async () => {
    const before = await everything(bench.sandbox);
    const { DBInstances } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: INSTANCE }),
    );
    const live = DBInstances![0]!;
    const from = bench.calls.length;

    const run = await bench.scheduled();
    const practice = run.executionArn.split(":").at(-1)!;

    expect(`${run.status} ${run.cause ?? ""}`.trim()).toBe("SUCCEEDED");
    const found = run.output as PracticeEndAnswer;
    expect(found).toMatchObject({ outcome: "restore works", good: true, left: [] });
    expect(found.restoreSeconds).toBeGreaterThan(0);
    expect(found.restoreSeconds).toBeLessThan(7200);
    expect(found.lossSeconds).toBeGreaterThanOrEqual(0);
    expect(found.line).toMatch(/^the restore works: [\d:]+ of 2:00:00$/);
    expect(await bench.databases()).toEqual(bench.there);
    expect(await everything(bench.sandbox)).toEqual(before);

    const own = bench.calls.slice(from).filter(({ operation }) => !AROUND.test(operation));
    expect([...new Set(own.map(({ service, operation }) => `${service}:${operation}`))].toSorted()).toEqual([
      "dynamodb:PutItem",
      "rds:CreateDBInstance",
      "rds:DeleteDBCluster",
      "rds:DeleteDBInstance",
      "rds:RestoreDBClusterToPointInTime",
      "rds:RestoreDBInstanceToPointInTime",
      "s3:PutObject",
      "sns:Publish",
      "states:StartExecution",
      "sts:AssumeRole",
    ]);
    const restored = own.find(({ operation }) => operation === "RestoreDBInstanceToPointInTime")!.input;
    expect(restored).toMatchObject({
      TargetDBInstanceIdentifier: copyOf(practice),
      DeletionProtection: false,
      VpcSecurityGroupIds: live.VpcSecurityGroups!.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
      DBSubnetGroupName: live.DBSubnetGroup!.DBSubnetGroupName,
      // As the live one has it: a restore without its first backup would look quicker than it is.
      BackupRetentionPeriod: live.BackupRetentionPeriod,
      Tags: expect.arrayContaining([{ Key: "watchdog:practice", Value: practice }]),
    });
    const copied = own.find(({ operation }) => operation === "RestoreDBClusterToPointInTime")!.input;
    expect(copied).toMatchObject({
      DBClusterIdentifier: clusterCopyOf(practice),
      DeletionProtection: false,
      Tags: expect.arrayContaining([{ Key: "watchdog:practice", Value: practice }]),
    });
    // Aurora deletes no cluster that still has an instance.
    const deleted = own.filter(({ operation }) => operation.startsWith("Delete"));
    expect(
      deleted.map(({ input }) => Object.values(input as object)[0]).filter((id) => id !== copyOf(practice)),
    ).toEqual([`${clusterCopyOf(practice)}-1`, clusterCopyOf(practice)]);
    // No lock is taken: the only row is the practice's own.
    const written = own.filter(({ operation }) => operation === "PutItem").map(({ input }) => input);
    expect(JSON.stringify(written.map((each) => (each as { Item: object }).Item))).not.toMatch(
      /"LOCK"|"RUN#/,
    );

    const [mail] = await bench.mailsOf(practice);
    expect(mail!.subject).toMatch(/^\[orders\] practice: the restore works: [\d:]+ of 2:00:00$/);
    expect(await bench.rowOf(practice)).toMatchObject({
      outcome: "restore works",
      reason: "practice, asked for by its schedule",
    });
    const [markdown, page] = await Promise.all(
      ["report.md", "report.html"].map((file) => bench.reportOf(practice, file)),
    );
    expect(markdown).toContain("Everything that this practice made is deleted.");
    expect(page).toContain("restored-orders");
  }, 90_000);

  it("whose check fails says that the restore does not work, rings its alarm, and leaves nothing behind", async () => {
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
    const [mail] = await bench.mailsOf(found.practice);
    expect(mail!.subject).toBe("[orders] practice: the restore does NOT work");
    expect(mail!.text).toContain("check restored-orders: failed");
    expect(await bench.databases()).toEqual(bench.there);
    const [history, report, status] = await Promise.all([
      watchdog(bench.sandbox, "history", "orders", "--outcome", "restore does not work", "--json"),
      watchdog(bench.sandbox, "report", found.practice),
      watchdog(bench.sandbox, "status", "orders", "--json"),
    ]);
    expect(JSON.parse(history.out)).toEqual([
      expect.objectContaining({
        run: found.practice,
        practice: true,
        reason: "practice, asked for by somebody",
      }),
    ]);
    expect(report.out).toContain("orders: restore does not work");
    expect(JSON.parse(status.out).runs, "no practice is a run").toEqual([]);
    await until("its alarm", async () => {
      const { MetricAlarms } = await new CloudWatchClient(bench.sandbox.clientConfig()).send(
        new DescribeAlarmsCommand({ AlarmNames: ["orders-watchdog-practice"] }),
      );
      return MetricAlarms![0]!.StateValue === "ALARM";
    });
  }, 90_000);

  it("that is stopped in the middle is cleaned up after, and its row has no outcome", async () => {
    const states = new SFNClient(bench.sandbox.clientConfig());
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: bench.machine, name: "practice-stopped" }),
    );
    const copies = [copyOf("practice-stopped"), clusterCopyOf("practice-stopped")];
    const there = async () => {
      const now = await bench.databases();
      return copies.filter((name) => now.includes(name));
    };
    await until("both copies to be begun", async () => (await there()).length === 2);
    await states.send(new StopExecutionCommand({ executionArn }));

    await until("both copies to be gone again", async () => (await there()).length === 0);
    expect(await bench.rowOf("practice-stopped")).not.toHaveProperty("outcome");
  }, 60_000);

  it("was denied nothing so far, and its own roles may do nothing that it did not", () => {
    const roles = [...iamState(bench.sandbox.world).roles.values()].filter(({ name }) =>
      /Practice/.test(name),
    );
    const decided = bench.authorizations();
    const unused = roles.flatMap(({ arn, inline }) =>
      [...inline.values()]
        .flatMap(({ Statement }) => [Statement ?? []].flat())
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action }) => [Action ?? []].flat())
        // What AWS itself does with a role: traces, the logs of machines, a schedule's dead letters.
        .filter((action) => !/^xray:|^logs:|^sqs:/.test(action))
        .filter((action) => !decided.some((each) => each.principal === arn && each.action === action))
        .map((action) => `${arn} ${action}`),
    );

    expect(roles).toHaveLength(3);
    expect(decided.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(unused).toEqual([]);
  });

  it("does not start while a run is under way or the service is frozen, and says so", async () => {
    await bench.set("LOCK", { runId: "run-1", state: "running", since: "2026-11-21T10:00:00.000Z" });
    const beside = await bench.practise("practice-beside");
    await bench.set("LOCK", { state: "free" });
    await bench.set("FREEZE", { until: "2199-01-01T00:00:00.000Z", by: "lead" });
    const frozen = await bench.practise("practice-frozen");
    await bench.set("FREEZE", { until: "2000-01-01T00:00:00.000Z" });

    expect(beside.output).toEqual({
      skipped: "run run-1 is under way (running since 2026-11-21T10:00:00.000Z)",
    });
    expect((frozen.output as { skipped: string }).skipped).toContain("lead froze the automation of orders");
    expect((await bench.mailsOf("practice-beside"))[0]!.subject).toBe("[orders] practice not started");
    expect(await bench.rowOf("practice-frozen")).toMatchObject({ outcome: "practice not started" });
  }, 60_000);

  it("gives way to a run that begins before its copy: nothing is made, and it is no failure", async () => {
    let begun = false;
    bench.sandbox.world.interceptors.push({
      after: async ({ operation, principal }) => {
        // What the preflight asks RDS; the copy is made after it.
        if (begun || principal.type !== "role" || operation !== "DescribeDBInstanceAutomatedBackups") return;
        begun = true;
        await bench.set("LOCK", { runId: "run-2", state: "running", since: "2026-11-21T11:00:00.000Z" });
      },
    });
    const from = bench.calls.length;

    const run = await bench.practise("practice-beaten");
    await bench.set("LOCK", { state: "free" });

    expect(run.output).toMatchObject({ outcome: "practice gave way", good: true, left: [] });
    expect(bench.calls.slice(from).map(({ operation }) => operation)).not.toContain(
      "RestoreDBInstanceToPointInTime",
    );
  }, 60_000);

  describe("its clean-up", () => {
    const OTHER = "orders-db-p-0a1b2c3d";
    const PRACTICE = "practice-of-this-test";
    const roleArn = (part: string) =>
      [...iamState(bench.sandbox.world).roles.values()].find(({ name }) => name.includes(part))!.arn;
    const OTHER_CLUSTER = "orders-cluster-p-0a1b2c3d";
    const arnOf = (id: string) =>
      `arn:aws:rds:us-east-1:123456789012:${/^orders-cluster(-p-[^-]*)?$/.test(id) ? "cluster" : "db"}:${id}`;
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
    const removeCluster = (client: RDSClient, DBClusterIdentifier: string) =>
      client.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
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
      await rds.send(
        new CreateDBClusterCommand({
          DBClusterIdentifier: OTHER_CLUSTER,
          Engine: "aurora-postgresql",
          MasterUsername: "somebody",
          MasterUserPassword: "somebodys-password",
          DeletionProtection: true,
        }),
      );
      await until("the other instance and the other cluster", async () => {
        const { DBInstances } = await rds.send(
          new DescribeDBInstancesCommand({ DBInstanceIdentifier: OTHER }),
        );
        const { DBClusters } = await rds.send(
          new DescribeDBClustersCommand({ DBClusterIdentifier: OTHER_CLUSTER }),
        );
        return DBInstances![0]!.DBInstanceStatus === "available" && DBClusters![0]!.Status === "available";
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

    it("may not delete the live cluster, its instance, another practice's cluster, nor one without a tag", async () => {
      const client = await assume([{ Key: "practice", Value: PRACTICE }]);
      const NOT = /is not authorized to perform: rds:DeleteDBCluster/;

      await expect(removeCluster(client, AURORA)).rejects.toThrow(NOT);
      await expect(remove(client, AURORA_WRITER)).rejects.toThrow(DENIED);
      for (const id of [AURORA, AURORA_WRITER]) await tag(id, PRACTICE);
      await expect(removeCluster(client, AURORA), "the live one, tagged by mistake").rejects.toThrow(NOT);
      await expect(remove(client, AURORA_WRITER), "its instance, tagged by mistake").rejects.toThrow(DENIED);
      for (const id of [AURORA, AURORA_WRITER]) await untag(id);
      await expect(removeCluster(client, OTHER_CLUSTER), "without a tag").rejects.toThrow(NOT);
      await tag(OTHER_CLUSTER, "practice-of-somebody-else");
      await expect(removeCluster(client, OTHER_CLUSTER), "another practice's").rejects.toThrow(NOT);
      await tag(OTHER_CLUSTER, PRACTICE);
      // IAM lets it through: it is RDS that protects this one.
      await expect(removeCluster(client, OTHER_CLUSTER)).rejects.toThrow("Cannot delete protected Cluster");
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
