import { chmodSync } from "node:fs";
import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verbs } from "../../../../lambdas/actions/aurora-pitr/handler.ts";
import { auroraPitr } from "../../../../lambdas/actions/aurora-pitr/spec.ts";
import { verbs as snapshotVerbs } from "../../../../lambdas/actions/aurora-snapshot/handler.ts";
import { addFault, type Harm } from "../../../../sandbox/faults.ts";
import { ec2 } from "../../../../sandbox/services/ec2/index.ts";
import { clusterNamed } from "../../../../sandbox/services/rds/cluster-state.ts";
import { rds } from "../../../../sandbox/services/rds/index.ts";
import { openWorld, type TestWorld } from "../../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../../environment.ts";
import { stepOf } from "../database-world.ts";

let test: TestWorld;
const call = <Output>(operation: string, input: object) =>
  test.world.call<Output>({ service: "rds", operation, input, principal: { type: "admin" } });
const cluster = async (DBClusterIdentifier: string): Promise<DBCluster> =>
  (await call<{ DBClusters: DBCluster[] }>("DescribeDBClusters", { DBClusterIdentifier })).DBClusters[0]!;
const instances = async (): Promise<DBInstance[]> =>
  (await call<{ DBInstances: DBInstance[] }>("DescribeDBInstances", {})).DBInstances;
const clusters = async (): Promise<string[]> =>
  (await call<{ DBClusters: DBCluster[] }>("DescribeDBClusters", {})).DBClusters.map(
    ({ DBClusterIdentifier }) => DBClusterIdentifier!,
  );

/** A step on the sandbox's clock. */
function onClock<Step extends ReturnType<typeof stepOf>>(step: Step): Step {
  const { clock } = test.world;
  Object.assign(step.context, {
    now: () => clock.now(),
    sleep: (milliseconds: number) => clock.sleep(milliseconds),
  });
  return step;
}
const restore = (more: object = {}) =>
  onClock(stepOf("aurora-pitr", verbs, { cluster: "orders", to: "latest", ...more }));
/** Harms every such call until healed: how often the SDK asks again differs, it also does when clocks differ. */
const harmed = (operation: string, harm: Harm) => addFault(test.world, { service: "rds", operation, harm });

beforeAll(async () => {
  test = await openWorld([ec2, rds]);
  lambdaEnvironment(test);
  chmodSync(test.world.root, 0o755); // PostgreSQL runs as another user when the tests run as root
  await call("CreateDBSubnetGroup", {
    DBSubnetGroupName: "orders-subnets",
    DBSubnetGroupDescription: "orders",
    SubnetIds: [],
  });
  await call("CreateDBClusterParameterGroup", {
    DBClusterParameterGroupName: "orders-cluster",
    DBParameterGroupFamily: "aurora-postgresql17",
    Description: "orders",
  });
  await call("CreateDBParameterGroup", {
    DBParameterGroupName: "orders-instances",
    DBParameterGroupFamily: "aurora-postgresql17",
    Description: "orders",
  });
  await call("CreateDBCluster", {
    DBClusterIdentifier: "orders",
    Engine: "aurora-postgresql",
    DatabaseName: "orders",
    MasterUsername: "orders",
    MasterUserPassword: "correct-horse",
    Port: 5444,
    DBSubnetGroupName: "orders-subnets",
    DBClusterParameterGroupName: "orders-cluster",
    VpcSecurityGroupIds: ["sg-orders"],
    DeletionProtection: true,
    EnableIAMDatabaseAuthentication: true,
    EnableCloudwatchLogsExports: ["postgresql"],
    CopyTagsToSnapshot: true,
    BackupRetentionPeriod: 14,
    PreferredBackupWindow: "01:00-01:30",
    PreferredMaintenanceWindow: "mon:02:00-mon:02:30",
    StorageEncrypted: true,
    KmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/orders",
    StorageType: "aurora-iopt1",
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
    DatabaseInsightsMode: "advanced",
    EnablePerformanceInsights: true,
    PerformanceInsightsRetentionPeriod: 465,
    Tags: [
      { Key: "team", Value: "orders" },
      { Key: "watchdog:run", Value: "an-earlier-one" },
    ],
  });
  const available = async () => (await cluster("orders")).Status === "available";
  await vi.waitUntil(available, { timeout: 30_000 });
  await call("CreateDBInstance", {
    DBInstanceIdentifier: "orders-1",
    DBClusterIdentifier: "orders",
    Engine: "aurora-postgresql",
    DBInstanceClass: "db.serverless",
    DBParameterGroupName: "orders-instances",
    AutoMinorVersionUpgrade: false,
    PromotionTier: 0,
  });
  await vi.waitUntil(async () => (await instances())[0]?.DBInstanceStatus === "available", {
    timeout: 30_000,
  });
  // Its first heartbeat may be archived later than its instance answers.
  await vi.waitUntil(async () => (await cluster("orders")).LatestRestorableTime !== undefined, {
    timeout: 30_000,
  });
}, 120_000);
afterAll(() => test.close());

describe("aurora-pitr", () => {
  it("makes a cluster and its writer with all that the source has, and leaves the source as it was", async () => {
    const before = await cluster("orders");
    const step = restore();

    const done = await step.apply();

    expect(auroraPitr.outputs.safeParse(done.outputs).error).toBeUndefined();
    const outputs = done.outputs as { cluster: string; instances: string[]; differences?: string[] };
    const made = await cluster(outputs.cluster);
    const same = [
      ...["Port", "DBSubnetGroup", "DBClusterParameterGroup", "VpcSecurityGroups", "DeletionProtection"],
      ...["IAMDatabaseAuthenticationEnabled", "EnabledCloudwatchLogsExports", "CopyTagsToSnapshot"],
      ...["BackupRetentionPeriod", "PreferredBackupWindow", "PreferredMaintenanceWindow", "KmsKeyId"],
      ...["StorageType", "ServerlessV2ScalingConfiguration", "EngineVersion", "MasterUsername"],
      ...["DatabaseInsightsMode", "PerformanceInsightsRetentionPeriod"],
    ] as (keyof DBCluster)[];
    for (const name of same) expect([name, made[name]]).toEqual([name, before[name]]);
    expect(made.TagList).toEqual(
      expect.arrayContaining([
        { Key: "team", Value: "orders" },
        { Key: "watchdog:run", Value: step.context.run.id },
      ]),
    );
    expect(outputs.differences).toBeUndefined();
    const found = (await instances()).filter(
      ({ DBClusterIdentifier }) => DBClusterIdentifier === outputs.cluster,
    );
    expect(found.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).toEqual(outputs.instances);
    expect(found).toMatchObject([
      {
        DBInstanceClass: "db.serverless",
        DBParameterGroups: [{ DBParameterGroupName: "orders-instances" }],
        AutoMinorVersionUpgrade: false,
        PromotionTier: 0,
      },
    ]);
    const { LatestRestorableTime: _, ...left } = await cluster("orders");
    const { LatestRestorableTime: __, ...was } = before;
    expect(left).toEqual(was);
  }, 60_000);

  it("goes on where the cluster exists and its instance does not, and makes neither twice", async () => {
    const heal = harmed("CreateDBInstance", { kind: "error", code: "InternalFailure", status: 500 });
    const step = restore();
    const { before } = await step.preflight();
    const others = await clusters();

    await expect(step.apply()).rejects.toMatchObject({ name: "InternalFailure" });
    const half = (await instances()).map(({ DBClusterIdentifier }) => DBClusterIdentifier);
    heal();
    const done = await step.apply();

    expect(half).not.toContain(before.target);
    expect(done.outputs).toMatchObject({ cluster: before.target, instances: before.instances });
    expect((await clusters()).filter((each) => !others.includes(each))).toEqual([before.target]);
  }, 60_000);

  it.each(["RestoreDBClusterToPointInTime", "CreateDBInstance", "ModifyDBCluster"])(
    "asks again when %s meets a cluster in the middle of something, and makes nothing twice",
    async (operation) => {
      const heal = harmed(operation, { kind: "error", code: "InvalidDBClusterStateFault", status: 400 });
      const step = restore();
      const { before } = await step.preflight();
      const others = await clusters();

      await expect(step.apply()).rejects.toMatchObject({ name: "ServiceUnavailable" });
      heal();
      const done = await step.apply();

      expect(done.outputs).toMatchObject({ cluster: before.target, instances: before.instances });
      expect((await clusters()).filter((each) => !others.includes(each))).toEqual([before.target]);
    },
    60_000,
  );

  it("says what is there and what is not when there is no room for an instance, and keeps it", async () => {
    const heal = harmed("CreateDBInstance", {
      kind: "error",
      code: "InsufficientDBInstanceCapacityFault",
      status: 400,
      message: "No capacity for db.serverless.",
    });
    const step = restore();
    const { before } = await step.preflight();

    await expect(step.apply()).rejects.toMatchObject({
      name: "WorkFailed",
      message: expect.stringMatching(
        new RegExp(
          `${before.target} is there and has no instance ${before.target}-1.*source was not touched`,
        ),
      ),
    });
    heal();
    const undone = await step.revert();

    expect(undone.note).toContain(`${before.target} and its 0 instance(s) are kept`);
    expect((await cluster(before.target)).TagList).toContainEqual({
      Key: "watchdog:set-aside",
      Value: "true",
    });
  }, 60_000);

  it("says of a copy that has another setting which, and where", async () => {
    const step = restore();
    const { before } = await step.preflight();
    await step.apply();
    clusterNamed(test.world, before.target).settings.DeletionProtection = false;

    await expect(step.apply()).rejects.toMatchObject({
      name: "SettingsDrift",
      message: expect.stringContaining("DeletionProtection: true → false"),
    });
  }, 60_000);

  it("leaves a cluster alone that another made under its name", async () => {
    const step = restore();
    const { before } = await step.preflight();
    await call("CreateDBCluster", {
      DBClusterIdentifier: before.target,
      Engine: "aurora-postgresql",
      MasterUsername: "orders",
      MasterUserPassword: "correct-horse",
    });

    await expect(step.apply()).rejects.toMatchObject({ name: "ChangedSincePreflight" });
    await expect(step.revert()).rejects.toMatchObject({ name: "ChangedSincePreflight" });
  });

  it.each<[string, object, string, RegExp]>([
    ["a cluster that is not there", { cluster: "nobody" }, "Refusal", /no Aurora cluster nobody/],
    ["a time before the window", { to: "2020-01-01T00:00:00Z" }, "RestoreTimeOutOfRange", /Aurora|RDS holds/],
    ["a time to come", { to: "2199-01-01T00:00:00Z" }, "RestoreTimeOutOfRange", /future/],
  ])("refuses %s before anything is made", async (_, input, name, message) => {
    const before = await clusters();

    await expect(restore(input).preflight()).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
    expect(await clusters()).toEqual(before);
  });

  it.each<[string, Partial<DBCluster>, RegExp]>([
    ["without a subnet group", { DBSubnetGroup: undefined }, /no DB subnet group/],
    ["of Aurora Serverless v1", { EngineMode: "serverless" }, /Serverless v1/],
    ["that is a Multi-AZ DB cluster", { Engine: "postgres" }, /Multi-AZ DB cluster/],
  ])("refuses a source %s", async (_, settings, message) => {
    const source = clusterNamed(test.world, "orders");
    const kept = source.settings;
    source.settings = { ...kept, ...settings };

    await expect(restore().preflight()).rejects.toMatchObject({ name: "Refusal", message });
    source.settings = kept;
  });

  it("takes a clone only of now: another moment is refused by its path", () => {
    const wrong = auroraPitr.input.safeParse({
      cluster: "orders",
      to: "before-deployment",
      type: "copy-on-write",
    });

    expect(wrong.error?.issues.map(({ path }) => path)).toEqual([["to"]]);
    expect(
      auroraPitr.input.safeParse({ cluster: "orders", to: "latest", type: "copy-on-write" }).success,
    ).toBe(true);
  });
});

describe("aurora-snapshot", () => {
  it("saves no instance that is not in the cluster", async () => {
    const step = onClock(
      stepOf("aurora-snapshot", snapshotVerbs, { cluster: "orders", instances: ["elsewhere-1"] }),
    );

    await expect(step.preflight()).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringMatching(/elsewhere-1 is no instance of orders, which has orders-1/),
    });
  });
});
