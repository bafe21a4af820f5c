import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rdsState } from "../../../../sandbox/services/rds/state.ts";
import { PASSWORD, type RdsWorld, rdsWorld } from "./fixture.ts";

let here: RdsWorld;
/** A moment after the first row and before the second. */
let between: number;
beforeAll(async () => {
  here = await rdsWorld();
  await here.create("source", {
    BackupRetentionPeriod: 7,
    DeletionProtection: true,
    MultiAZ: true,
    CopyTagsToSnapshot: true,
    EnableIAMDatabaseAuthentication: true,
    Port: 5433,
    Tags: [{ Key: "team", Value: "lab" }],
  });
  await here.reaches("source", "available");
  await here.query("source", "CREATE TABLE rows AS SELECT 'before' AS row");
  await here.world.clock.sleep(5_000);
  between = here.world.clock.now();
  await here.world.clock.sleep(5_000);
  await here.query("source", "INSERT INTO rows VALUES ('after')");
  await here.restorable("source", here.world.clock.now());
}, 60_000);
afterAll(() => here.stop());

const restore = (input: object) =>
  here.call("RestoreDBInstanceToPointInTime", {
    SourceDBInstanceIdentifier: "source",
    TargetDBInstanceIdentifier: "target",
    RestoreTime: new Date(between),
    ...input,
  });
const rows = async (id: string) =>
  (await here.query(id, "SELECT row FROM rows ORDER BY row DESC")).map(({ row }) => row);

describe("RestoreDBInstanceToPointInTime", () => {
  it("gives a new instance with the rows of that moment, and leaves the source with all of its own", async () => {
    await restore({ TargetDBInstanceIdentifier: "at-moment" });
    const seen = await here.reaches("at-moment", "available");

    expect(seen).toEqual(["creating", "backing-up", "available"]);
    expect(await rows("at-moment")).toEqual(["before"]);
    expect(await rows("source")).toEqual(["before", "after"]);
  });

  it("without settings has the defaults, not the source's: the trap that the action must avoid", async () => {
    const { DBInstance } = await restore({ TargetDBInstanceIdentifier: "defaults" });

    expect(DBInstance).toMatchObject({
      MultiAZ: false,
      DeletionProtection: false,
      CopyTagsToSnapshot: false,
      IAMDatabaseAuthenticationEnabled: false,
      DBSubnetGroup: { DBSubnetGroupName: "default" },
      TagList: [],
    });
    await here.reaches("defaults", "available");
  });

  it("keeps what was asked for: groups, port, protection, tags", async () => {
    await here.call("CreateDBSubnetGroup", {
      DBSubnetGroupName: "lab-subnets",
      DBSubnetGroupDescription: "lab",
      SubnetIds: [],
    });

    const { DBInstance } = await restore({
      TargetDBInstanceIdentifier: "carried",
      DBSubnetGroupName: "lab-subnets",
      VpcSecurityGroupIds: ["sg-1"],
      Port: 5444,
      MultiAZ: true,
      DeletionProtection: true,
      Tags: [{ Key: "watchdog:run", Value: "r1" }],
    });
    await here.reaches("carried", "available");

    expect(DBInstance).toMatchObject({
      DBSubnetGroup: { DBSubnetGroupName: "lab-subnets" },
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1" }],
      MultiAZ: true,
      DeletionProtection: true,
      TagList: [{ Key: "watchdog:run", Value: "r1" }],
    });
    expect((await here.describe("carried")).Endpoint!.Port).toBe(5444);
  });

  it("to the latest restorable time has every row", async () => {
    await restore({
      TargetDBInstanceIdentifier: "latest",
      RestoreTime: undefined,
      UseLatestRestorableTime: true,
    });
    await here.reaches("latest", "available");

    expect(await rows("latest")).toEqual(["before", "after"]);
  });

  it("carries the passwords of that moment, whatever was set since", async () => {
    await here.call("ModifyDBInstance", {
      DBInstanceIdentifier: "source",
      MasterUserPassword: "changed-horse",
      ApplyImmediately: true,
    });
    await here.reaches("source", "available");
    await restore({ TargetDBInstanceIdentifier: "passwords" });
    await here.reaches("passwords", "available");

    expect(await here.query("passwords", "SELECT 1 AS one", PASSWORD)).toEqual([{ one: 1 }]);
    await expect(here.query("passwords", "SELECT 1", "changed-horse")).rejects.toThrow(/password/);
  });

  describe("makes nothing when it is refused:", () => {
    const refused = async (input: object, code: string, message?: RegExp) => {
      const before = [...rdsState(here.world).instances.keys()];
      await expect(restore(input)).rejects.toMatchObject({
        code,
        ...(message ? { message: expect.stringMatching(message) } : {}),
      });
      expect([...rdsState(here.world).instances.keys()]).toEqual(before);
    };

    it("a time before the first backup or after the last archived commit", async () => {
      await refused({ RestoreTime: new Date(between - 3_600_000) }, "InvalidRestoreFault");
      await refused({ RestoreTime: new Date(here.world.clock.now() + 3_600_000) }, "InvalidRestoreFault");
    });

    it("two times, or none", async () => {
      await refused({ UseLatestRestorableTime: true }, "InvalidParameterCombination");
      await refused({ RestoreTime: undefined }, "InvalidParameterCombination");
    });

    it("the name of an instance that exists: the source's own above all", async () => {
      await refused({ TargetDBInstanceIdentifier: "source" }, "DBInstanceAlreadyExistsFault");
    });

    it("a source that is not there, or has no automated backups", async () => {
      await refused({ SourceDBInstanceIdentifier: "nowhere" }, "DBInstanceNotFoundFault");
      await here.create("unsaved", { BackupRetentionPeriod: 0 });
      await here.reaches("unsaved", "available");
      await refused({ SourceDBInstanceIdentifier: "unsaved" }, "PointInTimeRestoreNotEnabledFault");
    });

    it("a bad name and groups that do not exist", async () => {
      await refused({ TargetDBInstanceIdentifier: "bad_name" }, "InvalidParameterValue");
      await refused({ DBSubnetGroupName: "nowhere" }, "DBSubnetGroupNotFoundFault");
      await refused({ DBParameterGroupName: "nowhere" }, "DBParameterGroupNotFoundFault");
    });
  });
});
