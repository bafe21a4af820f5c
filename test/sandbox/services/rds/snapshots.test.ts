import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rdsState } from "../../../../sandbox/services/rds/state.ts";
import { type RdsWorld, rdsWorld } from "./fixture.ts";

let here: RdsWorld;
beforeAll(async () => {
  here = await rdsWorld();
  await here.create("source", { CopyTagsToSnapshot: true, Tags: [{ Key: "team", Value: "lab" }] });
  await here.reaches("source", "available");
  await here.query("source", "CREATE TABLE rows AS SELECT 'saved' AS row");
}, 60_000);
afterAll(() => here.stop());

const take = (DBSnapshotIdentifier: string, input: object = {}) =>
  here.call<{ DBSnapshot: { Status: string } }>("CreateDBSnapshot", {
    DBInstanceIdentifier: "source",
    DBSnapshotIdentifier,
    ...input,
  });
const finished = (id: string) =>
  expect.poll(async () => (await here.snapshot(id)).Status, { timeout: 30_000 }).toBe("available");

describe("CreateDBSnapshot", () => {
  it("goes from creating to available while the instance backs up, and carries both sets of tags", async () => {
    const { DBSnapshot } = await take("first", { Tags: [{ Key: "watchdog:run", Value: "r1" }] });
    const meanwhile = await here.describe("source");
    await finished("first");

    expect(DBSnapshot).toMatchObject({ Status: "creating", PercentProgress: 0 });
    expect(meanwhile.DBInstanceStatus).toBe("backing-up");
    expect(await here.snapshot("first")).toMatchObject({
      DBInstanceIdentifier: "source",
      SnapshotType: "manual",
      PercentProgress: 100,
      TagList: [
        { Key: "team", Value: "lab" },
        { Key: "watchdog:run", Value: "r1" },
      ],
    });
    expect((await here.describe("source")).DBInstanceStatus).toBe("available");
  });

  it("refuses a name that is taken, a bad one, an instance that is not there, and more than a hundred", async () => {
    await expect(take("first")).rejects.toMatchObject({ code: "DBSnapshotAlreadyExistsFault" });
    await expect(take("bad_name")).rejects.toMatchObject({ code: "InvalidParameterValue" });
    await expect(take("other", { DBInstanceIdentifier: "nowhere" })).rejects.toMatchObject({
      code: "DBInstanceNotFoundFault",
    });
    const { snapshots } = rdsState(here.world);
    const fillers = Array.from({ length: 100 - snapshots.size }, (_, index) => `filler-${index}`);
    for (const id of fillers) snapshots.set(id, { ...snapshots.get("first")!, id });
    try {
      await expect(take("one-too-many")).rejects.toMatchObject({ code: "SnapshotQuotaExceededFault" });
    } finally {
      for (const id of fillers) snapshots.delete(id);
    }
    expect((await here.describe("source")).DBInstanceStatus).toBe("available");
  });
});

describe("RestoreDBInstanceFromDBSnapshot", () => {
  const restore = (DBInstanceIdentifier: string, DBSnapshotIdentifier: string) =>
    here.call("RestoreDBInstanceFromDBSnapshot", { DBInstanceIdentifier, DBSnapshotIdentifier });

  it("gives the rows of the snapshot, not those written since", async () => {
    await here.query("source", "INSERT INTO rows VALUES ('written since')");

    await restore("from-first", "first");
    await here.reaches("from-first", "available");

    expect(await here.query("from-first", "SELECT row FROM rows")).toEqual([{ row: "saved" }]);
  });

  it("refuses a snapshot that is not there or not ready", async () => {
    await expect(restore("other", "nowhere")).rejects.toMatchObject({ code: "DBSnapshotNotFoundFault" });
    await take("unfinished");
    await expect(restore("other", "unfinished")).rejects.toMatchObject({
      code: "InvalidDBSnapshotStateFault",
    });
    await finished("unfinished");
  });

  it("works after the instance itself was deleted: a snapshot lives on without its source", async () => {
    await here.create("short-lived");
    await here.reaches("short-lived", "available");
    await here.query("short-lived", "CREATE TABLE rows AS SELECT 'outlived' AS row");
    await take("survivor", { DBInstanceIdentifier: "short-lived" });
    await finished("survivor");
    await here.call("DeleteDBInstance", {
      DBInstanceIdentifier: "short-lived",
      FinalDBSnapshotIdentifier: "last-words",
    });
    await here.gone("short-lived");

    await restore("second-life", "survivor");
    await restore("third-life", "last-words");
    for (const id of ["second-life", "third-life"]) {
      await here.reaches(id, "available");
      expect(await here.query(id, "SELECT row FROM rows")).toEqual([{ row: "outlived" }]);
    }
  });

  it("works after a deletion without a final snapshot too", async () => {
    await here.reaches("second-life", "available");
    await take("of-second-life", { DBInstanceIdentifier: "second-life" });
    await finished("of-second-life");
    await here.call("DeleteDBInstance", { DBInstanceIdentifier: "second-life", SkipFinalSnapshot: true });
    await here.gone("second-life");

    await restore("fourth-life", "of-second-life");
    await here.reaches("fourth-life", "available");

    expect(await here.query("fourth-life", "SELECT row FROM rows")).toEqual([{ row: "outlived" }]);
  });
});

describe("DeleteDBSnapshot", () => {
  it("forgets the snapshot, and a second time does not find it", async () => {
    await here.call("DeleteDBSnapshot", { DBSnapshotIdentifier: "unfinished" });

    await expect(here.call("DeleteDBSnapshot", { DBSnapshotIdentifier: "unfinished" })).rejects.toMatchObject(
      {
        code: "DBSnapshotNotFoundFault",
        message: "DBSnapshot unfinished not found.",
      },
    );
  });
});
