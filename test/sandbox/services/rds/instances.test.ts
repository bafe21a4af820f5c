import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rdsState } from "../../../../sandbox/services/rds/state.ts";
import { PASSWORD, type RdsWorld, rdsWorld } from "./fixture.ts";

let here: RdsWorld;
beforeAll(async () => {
  here = await rdsWorld();
  await here.create("orders", { DeletionProtection: true, Tags: [{ Key: "team", Value: "lab" }] });
});
afterAll(() => here.stop());

describe("a new instance", () => {
  it("goes from creating over backing-up to available, and has an endpoint only when it exists", async () => {
    const first = await here.describe("orders");

    const seen = await here.reaches("orders", "available");

    expect(first).toMatchObject({ DBInstanceStatus: "creating" });
    expect(first.Endpoint).toBeUndefined();
    expect(seen).toEqual(["creating", "backing-up", "available"]);
    expect((await here.describe("orders")).Endpoint).toMatchObject({
      Address: expect.stringMatching(/^orders\.[a-z0-9]+\.us-east-1\.rds\.amazonaws\.com$/),
      Port: 5432,
    });
  });

  it("has a restorable time once its first backup is there, never one from before it", async () => {
    await here.reaches("orders", "available");
    await here.restorable("orders", 1);

    const { DBInstanceAutomatedBackups } = await here.call<{
      DBInstanceAutomatedBackups: { RestoreWindow: { EarliestTime: Date; LatestTime: Date } }[];
    }>("DescribeDBInstanceAutomatedBackups", { DBInstanceIdentifier: "orders" });
    const { EarliestTime, LatestTime } = DBInstanceAutomatedBackups[0]!.RestoreWindow;

    expect(LatestTime.getTime()).toBeGreaterThanOrEqual(EarliestTime.getTime());
    expect(LatestTime.getTime()).toBeLessThanOrEqual(here.world.clock.now());
  });

  it("takes the defaults of RDS: one AZ, default groups, protections off", async () => {
    const { DBInstance } = await here.create("plain", { BackupRetentionPeriod: 0 });

    expect(DBInstance).toMatchObject({
      MultiAZ: false,
      DeletionProtection: false,
      CopyTagsToSnapshot: false,
      IAMDatabaseAuthenticationEnabled: false,
      PubliclyAccessible: false,
      DBSubnetGroup: { DBSubnetGroupName: "default" },
      DBParameterGroups: [{ DBParameterGroupName: "default.postgres17", ParameterApplyStatus: "in-sync" }],
      TagList: [],
    });
    expect(await here.reaches("plain", "available")).not.toContain("backing-up");
    expect((await here.describe("plain")).LatestRestorableTime).toBeUndefined();
  });
});

describe("what is refused", () => {
  const refusedBefore = async (input: object, code: string) => {
    const names = [...rdsState(here.world).instances.keys()];
    await expect(here.create("other", input)).rejects.toMatchObject({ code });
    expect([...rdsState(here.world).instances.keys()]).toEqual(names);
  };

  it.each(["1st", "ends-", "two--hyphens", "under_score", "", "x".repeat(64)])(
    "the identifier %j",
    (DBInstanceIdentifier) => refusedBefore({ DBInstanceIdentifier }, "InvalidParameterValue"),
  );

  it("a short password, groups that do not exist, an AZ for a Multi-AZ instance, another engine", async () => {
    await refusedBefore({ MasterUserPassword: "short" }, "InvalidParameterValue");
    await refusedBefore({ DBSubnetGroupName: "nowhere" }, "DBSubnetGroupNotFoundFault");
    await refusedBefore({ DBParameterGroupName: "nowhere" }, "DBParameterGroupNotFoundFault");
    await refusedBefore({ OptionGroupName: "nowhere" }, "OptionGroupNotFoundFault");
    await refusedBefore({ MultiAZ: true, AvailabilityZone: "us-east-1a" }, "InvalidParameterCombination");
    await refusedBefore({ Engine: "mysql" }, "NotImplementedBySandbox");
  });

  it("a name that is taken, whatever its case", async () => {
    await expect(here.create("ORDERS")).rejects.toMatchObject({
      code: "DBInstanceAlreadyExistsFault",
      message: "DB instance already exists",
    });
  });

  it("an instance beyond the quota of forty", async () => {
    const { instances } = rdsState(here.world);
    const some = instances.get("orders")!;
    const fillers = Array.from({ length: 40 - instances.size }, (_, index) => `filler-${index}`);
    for (const id of fillers) instances.set(id, { ...some, id });
    try {
      await refusedBefore({}, "InstanceQuotaExceededFault");
    } finally {
      for (const id of fillers) instances.delete(id);
    }
  });

  it("an instance that is not there, in every operation that names one", async () => {
    const DBInstanceIdentifier = "nowhere";
    for (const operation of ["DescribeDBInstances", "ModifyDBInstance", "DeleteDBInstance", "StopDBInstance"])
      await expect(here.call(operation, { DBInstanceIdentifier })).rejects.toMatchObject({
        code: "DBInstanceNotFoundFault",
        message: "DBInstance nowhere not found.",
      });
  });

  it("the deletion of a protected instance, which stays as it is", async () => {
    await here.reaches("orders", "available");

    await expect(
      here.call("DeleteDBInstance", { DBInstanceIdentifier: "orders", SkipFinalSnapshot: true }),
    ).rejects.toMatchObject({
      code: "InvalidParameterCombination",
      message: expect.stringContaining("deletion protection"),
    });

    expect(await here.query("orders", "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("a deletion that does not say whether a final snapshot is wanted, or says both", async () => {
    await here.reaches("plain", "available");
    const remove = (input: object) =>
      here.call("DeleteDBInstance", { DBInstanceIdentifier: "plain", ...input });

    await expect(remove({})).rejects.toMatchObject({ code: "InvalidParameterCombination" });
    await expect(
      remove({ SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: "last" }),
    ).rejects.toMatchObject({ code: "InvalidParameterCombination" });

    expect((await here.describe("plain")).DBInstanceStatus).toBe("available");
  });
});

describe("a change", () => {
  it("shows modifying, in which nothing else may begin, and then what was asked for", async () => {
    await here.reaches("orders", "available");

    const { DBInstance } = await here.call("ModifyDBInstance", {
      DBInstanceIdentifier: "orders",
      BackupRetentionPeriod: 7,
      ApplyImmediately: true,
    });
    await expect(
      here.call("CreateDBSnapshot", { DBInstanceIdentifier: "orders", DBSnapshotIdentifier: "meanwhile" }),
    ).rejects.toMatchObject({ code: "InvalidDBInstanceStateFault" });
    await here.reaches("orders", "available");

    expect(DBInstance.DBInstanceStatus).toBe("modifying");
    expect((await here.describe("orders")).BackupRetentionPeriod).toBe(7);
  });

  it("of the master password is what PostgreSQL asks for from then on", async () => {
    await here.reaches("plain", "available");
    await here.call("ModifyDBInstance", {
      DBInstanceIdentifier: "plain",
      MasterUserPassword: "another-horse",
      ApplyImmediately: true,
    });
    await here.reaches("plain", "available");

    await expect(here.query("plain", "SELECT 1", PASSWORD)).rejects.toThrow(/password authentication failed/);
    expect(await here.query("plain", "SELECT 1 AS one", "another-horse")).toEqual([{ one: 1 }]);
  });

  it("of tags adds, replaces and removes by key", async () => {
    const ResourceName = (await here.describe("orders")).DBInstanceArn!;
    await here.call("AddTagsToResource", {
      ResourceName,
      Tags: [
        { Key: "team", Value: "research" },
        { Key: "quarantined", Value: "yes" },
      ],
    });
    await here.call("RemoveTagsFromResource", { ResourceName, TagKeys: ["quarantined"] });

    expect(await here.call("ListTagsForResource", { ResourceName })).toEqual({
      TagList: [{ Key: "team", Value: "research" }],
    });
    expect((await here.describe("orders")).TagList).toEqual([{ Key: "team", Value: "research" }]);
  });

  it("of the name moves the endpoint; the old name is gone and the rows are there", async () => {
    await here.reaches("plain", "available");
    await here.query("plain", "CREATE TABLE kept AS SELECT 7 AS seven", "another-horse");
    await here.call("ModifyDBInstance", {
      DBInstanceIdentifier: "plain",
      NewDBInstanceIdentifier: "Renamed",
      ApplyImmediately: true,
    });
    await here.gone("plain");
    await here.reaches("renamed", "available");

    expect((await here.describe("renamed")).Endpoint!.Address).toMatch(/^renamed\./);
    expect(await here.query("renamed", "SELECT seven FROM kept", "another-horse")).toEqual([{ seven: 7 }]);
  });
});

describe("stop and start", () => {
  it("closes the database and opens it again with its rows", async () => {
    await here.reaches("renamed", "available");
    await here.call("StopDBInstance", { DBInstanceIdentifier: "renamed" });
    await here.reaches("renamed", "stopped");
    await expect(here.query("renamed", "SELECT 1", "another-horse")).rejects.toThrow(/ECONNREFUSED/);
    await expect(here.call("StopDBInstance", { DBInstanceIdentifier: "renamed" })).rejects.toMatchObject({
      code: "InvalidDBInstanceStateFault",
    });

    await here.call("StartDBInstance", { DBInstanceIdentifier: "renamed" });
    await here.reaches("renamed", "available");

    expect(await here.query("renamed", "SELECT seven FROM kept", "another-horse")).toEqual([{ seven: 7 }]);
  });
});

describe("a deletion", () => {
  it("goes over deleting, in which a second one is refused, and then the instance is not found", async () => {
    await here.reaches("renamed", "available");
    const remove = () =>
      here.call("DeleteDBInstance", { DBInstanceIdentifier: "renamed", SkipFinalSnapshot: true });

    const { DBInstance } = await remove();
    await expect(remove()).rejects.toMatchObject({ code: "InvalidDBInstanceStateFault" });
    await here.gone("renamed");

    expect(DBInstance.DBInstanceStatus).toBe("deleting");
    await expect(remove()).rejects.toMatchObject({ code: "DBInstanceNotFoundFault" });
  });
});
