import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostOf } from "../../../../sandbox/engines/hosts.ts";
import { clusterConnection } from "../../../../sandbox/services/rds/cluster-state.ts";
import { PASSWORD, type RdsWorld, rdsWorld } from "./fixture.ts";

let here: RdsWorld;
/** A moment after the first row and before the second. */
let between: number;

const described = async (DBClusterIdentifier: string): Promise<DBCluster> =>
  (await here.call<{ DBClusters: DBCluster[] }>("DescribeDBClusters", { DBClusterIdentifier }))
    .DBClusters[0]!;
const until = async (test: () => Promise<boolean>) => {
  const end = performance.now() + 60_000;
  while (!(await test())) {
    if (performance.now() > end) throw new Error("what was waited for did not come");
    await here.world.clock.sleep(500);
  }
};
const available = (id: string) => until(async () => (await described(id)).Status === "available");
/** A connection as the master user, by a name. */
async function connect(name: string): Promise<pg.Client> {
  const host = hostOf(here.world, name);
  if (!host) throw new Error(`${name} leads nowhere`);
  const client = new pg.Client({
    ...clusterConnection(here.world, "source"),
    host: host.address,
    user: "lab",
    password: PASSWORD,
    database: "lab",
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  return client;
}
async function rows(name: string): Promise<unknown[]> {
  const client = await connect(name);
  try {
    return (await client.query("SELECT row FROM rows ORDER BY row DESC")).rows.map(({ row }) => row);
  } finally {
    await client.end();
  }
}
const member = (DBInstanceIdentifier: string, DBClusterIdentifier: string, more: object = {}) =>
  here.call("CreateDBInstance", {
    DBInstanceIdentifier,
    DBClusterIdentifier,
    Engine: "aurora-postgresql",
    DBInstanceClass: "db.r6g.large",
    ...more,
  });
const restore = (input: object) =>
  here.call<{ DBCluster: DBCluster }>("RestoreDBClusterToPointInTime", {
    SourceDBClusterIdentifier: "source",
    DBClusterIdentifier: "target",
    RestoreToTime: new Date(between),
    ...input,
  });

beforeAll(async () => {
  here = await rdsWorld();
  await here.call("CreateDBCluster", {
    DBClusterIdentifier: "source",
    Engine: "aurora-postgresql",
    DatabaseName: "lab",
    MasterUsername: "lab",
    MasterUserPassword: PASSWORD,
    DeletionProtection: true,
    Tags: [{ Key: "team", Value: "lab" }],
  });
  await available("source");
  await member("source-1", "source");
  await here.reaches("source-1", "available");
  const { host, port } = clusterConnection(here.world, "source");
  const client = new pg.Client({
    host,
    port,
    user: "lab",
    password: PASSWORD,
    database: "lab",
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  await client.query("CREATE TABLE rows AS SELECT 'before' AS row");
  await here.world.clock.sleep(3_000);
  between = here.world.clock.now();
  await here.world.clock.sleep(3_000);
  await client.query("INSERT INTO rows VALUES ('after')");
  await client.end();
  const now = here.world.clock.now();
  await until(async () => ((await described("source")).LatestRestorableTime?.getTime() ?? 0) > now);
}, 60_000);
afterAll(() => here.stop());

describe("an Aurora cluster", () => {
  it("answers under its own names and its instance's, the readers' name too while there is none", async () => {
    const { Endpoint, ReaderEndpoint, DBClusterMembers } = await described("source");
    const instance = await here.describe("source-1");

    expect(Endpoint).toMatch(/^source\.cluster-c[0-9a-f]{11}\.us-east-1\.rds\.amazonaws\.com$/);
    expect(ReaderEndpoint).toBe(Endpoint!.replace(".cluster-", ".cluster-ro-"));
    expect(DBClusterMembers).toMatchObject([{ DBInstanceIdentifier: "source-1", IsClusterWriter: true }]);
    expect(instance).toMatchObject({ DBClusterIdentifier: "source", Engine: "aurora-postgresql" });
    for (const name of [Endpoint!, ReaderEndpoint!, instance.Endpoint!.Address!])
      expect(await rows(name)).toEqual(["before", "after"]);
  });

  it("restored has no instance, no name that leads to it, and AWS's defaults: the traps that the action must avoid", async () => {
    const { DBCluster } = await restore({ DBClusterIdentifier: "bare" });
    await available("bare");

    const { DBClusterMembers, Endpoint } = await described("bare");
    expect(DBClusterMembers).toEqual([]);
    expect(hostOf(here.world, Endpoint!)).toBeUndefined();
    expect(DBCluster).toMatchObject({
      DeletionProtection: false,
      DBClusterParameterGroup: "default.aurora-postgresql17",
      TagList: [],
    });

    await member("bare-1", "bare");
    await here.reaches("bare-1", "available");
    expect(await rows(Endpoint!)).toEqual(["before"]);
  });

  it("cloned has the rows of now, and of no earlier moment", async () => {
    await expect(restore({ DBClusterIdentifier: "clone", RestoreType: "copy-on-write" })).rejects.toThrow(
      /copy-on-write/,
    );
    await restore({
      DBClusterIdentifier: "clone",
      RestoreType: "copy-on-write",
      RestoreToTime: undefined,
      UseLatestRestorableTime: true,
    });
    await available("clone");
    await member("clone-1", "clone");
    await here.reaches("clone-1", "available");

    expect(await rows((await described("clone")).Endpoint!)).toEqual(["before", "after"]);
  });

  it("has readers that follow the writer, take no writes, and have the readers' name", async () => {
    await member("source-2", "source");
    await here.reaches("source-2", "available");
    const { DBClusterMembers, Endpoint, ReaderEndpoint } = await described("source");
    const writer = await connect(Endpoint!);
    const reader = await connect(ReaderEndpoint!);

    expect(DBClusterMembers).toMatchObject([{ IsClusterWriter: true }, { IsClusterWriter: false }]);
    await expect(reader.query("INSERT INTO rows VALUES ('wrong')")).rejects.toThrow(
      "cannot execute INSERT in a read-only transaction",
    );
    await writer.query("CREATE TABLE later AS SELECT 1 AS row");
    await until(async () => {
      const { rows: found } = await reader.query("SELECT to_regclass('later') IS NOT NULL AS there");
      return found[0].there;
    });
    await writer.end();
    await reader.end();
  });

  it("is deleted when it is not protected and its instances are going, and leads nowhere then", async () => {
    const remove = (id: string) =>
      here.call("DeleteDBCluster", { DBClusterIdentifier: id, SkipFinalSnapshot: true });
    await restore({ DBClusterIdentifier: "short", RestoreToTime: new Date(between) });
    await available("short");
    await member("short-1", "short");
    await here.reaches("short-1", "available");
    const { Endpoint } = await described("short");

    await expect(remove("source")).rejects.toThrow("Cannot delete protected Cluster");
    await expect(remove("short")).rejects.toThrow(
      "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
    );
    await expect(
      here.call("DeleteDBInstance", { DBInstanceIdentifier: "short-1", FinalDBSnapshotIdentifier: "last" }),
    ).rejects.toThrow("FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance");
    await here.call("DeleteDBInstance", { DBInstanceIdentifier: "short-1" });
    await remove("short");

    await until(() =>
      described("short").then(
        () => false,
        ({ name }) => name === "DBClusterNotFoundFault",
      ),
    );
    expect(hostOf(here.world, Endpoint!)).toBeUndefined();
    expect((await described("source")).Status).toBe("available");
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "a time outside the window",
      () => restore({ RestoreToTime: new Date(between - 3_600_000) }),
      "InvalidRestoreFault",
    ],
    [
      "a source that is not there",
      () => restore({ SourceDBClusterIdentifier: "nobody" }),
      "DBClusterNotFoundFault",
    ],
    ["a name that is taken", () => restore({ DBClusterIdentifier: "source" }), "DBClusterAlreadyExistsFault"],
    [
      "Performance Insights at the restore",
      () => restore({ EnablePerformanceInsights: true }),
      "InvalidParameterCombination",
    ],
    [
      "a group that is not there",
      () => restore({ DBClusterParameterGroupName: "nowhere" }),
      "DBClusterParameterGroupNotFoundFault",
    ],
    [
      "an instance of another engine",
      () => member("other", "source", { Engine: "postgres" }),
      "InvalidParameterCombination",
    ],
    [
      "an instance with what is the cluster's",
      () => member("other", "source", { Port: 5433 }),
      "InvalidParameterCombination",
    ],
    ["an instance of no cluster", () => member("other", "nobody"), "DBClusterNotFoundFault"],
    [
      "Aurora MySQL",
      () => here.call("CreateDBCluster", { DBClusterIdentifier: "mysql", Engine: "aurora-mysql" }),
      "NotImplementedBySandbox",
    ],
    [
      "a snapshot of one of its instances",
      () => here.call("CreateDBSnapshot", { DBSnapshotIdentifier: "s", DBInstanceIdentifier: "source-1" }),
      "NotImplementedBySandbox",
    ],
  ])("refuses %s", async (_, call, fault) => {
    await expect(call()).rejects.toMatchObject({ name: fault });

    const { DBInstances } = await here.call<{ DBInstances: DBInstance[] }>("DescribeDBInstances", {});
    expect(DBInstances.filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier === "other")).toEqual([]);
  });
});
