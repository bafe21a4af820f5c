import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verbs } from "../../../../lambdas/actions/rds-fence/handler.ts";
import { rdsFence } from "../../../../lambdas/actions/rds-fence/spec.ts";
import { clusterConnection } from "../../../../sandbox/services/rds/cluster-state.ts";
import { until } from "../../../../scenarios/until.ts";
import { trust } from "../../checks/trust.ts";
import { type DatabaseWorld, databaseWorld, SECRET, stepOf } from "../database-world.ts";

const PASSWORD = "canary-password";
const APP = "apps-own-password";

describe("rds-fence of an Aurora cluster", () => {
  let world: DatabaseWorld;

  /** A session on one of the cluster's instances; what ends it is not this test's failure. */
  const session = async (instance: string, user = "app") => {
    const password = user === "app" ? APP : PASSWORD;
    const { host, port } = clusterConnection(world.test.world, instance);
    const ssl = { rejectUnauthorized: false };
    const client = new pg.Client({ host, port, user, password, database: "shop", ssl });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  const fence = (more: object = {}) =>
    stepOf("rds-fence", verbs, {
      instance: "shop-1",
      cluster: "shop",
      roles: ["app"],
      database: "shop",
      secret: SECRET,
      ...more,
    });

  beforeAll(async () => {
    world = await databaseWorld();
    const { call, test } = world;
    await call("rds", "CreateDBCluster", {
      DBClusterIdentifier: "shop",
      Engine: "aurora-postgresql",
      DatabaseName: "shop",
      MasterUsername: "lab",
      MasterUserPassword: PASSWORD,
    });
    const cluster = async () =>
      (await call<{ DBClusters: DBCluster[] }>("rds", "DescribeDBClusters", { DBClusterIdentifier: "shop" }))
        .DBClusters[0]!;
    await until("the cluster", async () => (await cluster()).Status === "available");
    for (const DBInstanceIdentifier of ["shop-1", "shop-2"]) {
      await call("rds", "CreateDBInstance", {
        DBInstanceIdentifier,
        DBClusterIdentifier: "shop",
        Engine: "aurora-postgresql",
        DBInstanceClass: "db.r6g.large",
      });
      await until(DBInstanceIdentifier, async () => {
        const { DBInstances } = await call<{ DBInstances: DBInstance[] }>("rds", "DescribeDBInstances", {
          DBInstanceIdentifier,
        });
        return DBInstances[0]!.DBInstanceStatus === "available";
      });
    }
    trust(clusterConnection(test.world, "shop").caFile);
    const admin = await session("shop-1", "lab");
    await admin.query(`CREATE ROLE app LOGIN PASSWORD '${APP}'`);
    await admin.end();
    await until("the reader to know the role", () =>
      session("shop-2").then(
        async (client) => {
          await client.end();
          return true;
        },
        () => false,
      ),
    );
  }, 120_000);
  afterAll(() => world?.close());

  it("ends the sessions on its readers too, which would go on with old rows, and lets nobody in there", async () => {
    const open = await Promise.all([session("shop-1"), session("shop-2")]);
    const step = fence();

    const { summary } = await step.preflight();
    const done = await step.apply();

    expect(summary).toBe("app can no longer log in to shop; 2 session(s) are ended, on its 1 reader(s) too");
    expect(done).toMatchObject({ done: true, outputs: { ended: 2 } });
    expect(rdsFence.outputs.safeParse(done.outputs).error).toBeUndefined();
    for (const client of open) await expect(client.query("SELECT 1")).rejects.toThrow();
    for (const instance of ["shop-1", "shop-2"])
      await expect(session(instance)).rejects.toThrow('role "app" is not permitted to log in');

    expect(await step.revert()).toMatchObject({ done: true });
    const again = await session("shop-1");
    await again.end();
  }, 60_000);

  it("keeps the application out of the writer when the instance that the plan names only reads by now", async () => {
    const step = fence({ instance: "shop-2" });

    expect(await step.apply()).toMatchObject({ done: true });
    await expect(session("shop-1")).rejects.toThrow('role "app" is not permitted to log in');
    await step.revert();
  }, 60_000);

  it("refuses an instance that is not of the cluster, before anything is changed", async () => {
    await expect(fence({ instance: "lab" }).preflight()).rejects.toThrow(
      "lab is no instance of the cluster shop (it is of none)",
    );
    const still = await session("shop-1");
    await still.end();
  });
});
