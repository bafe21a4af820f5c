import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DBInstance, DBSnapshot } from "@aws-sdk/client-rds";
import pg from "pg";
import { machineClock } from "../../../../sandbox/clock.ts";
import { ec2 } from "../../../../sandbox/services/ec2/index.ts";
import { rds } from "../../../../sandbox/services/rds/index.ts";
import { connectionOf, instanceNamed } from "../../../../sandbox/services/rds/state.ts";
import { World } from "../../../../sandbox/world.ts";

export const PASSWORD = "correct-horse";

/** A world with RDS on real PostgreSQL; making an instance takes a second or two. */
export async function rdsWorld() {
  const root = mkdtempSync(join(tmpdir(), "watchdog-rds-"));
  chmodSync(root, 0o755); // PostgreSQL runs as another user when the tests run as root
  const world = new World({ root, clock: machineClock(60) });
  world.authorizer = () => undefined; // IAM is proved elsewhere
  for (const service of [ec2, rds]) await world.register(service);
  const call = <Output = { DBInstance: DBInstance }>(operation: string, input: object) =>
    world.call<Output>({ service: "rds", operation, input, principal: { type: "admin" } });
  const describeInstance = async (DBInstanceIdentifier: string): Promise<DBInstance> =>
    (await call<{ DBInstances: DBInstance[] }>("DescribeDBInstances", { DBInstanceIdentifier }))
      .DBInstances[0]!;
  /** Waits for a status; says every status on the way there. */
  const reaches = async (id: string, status: string): Promise<string[]> => {
    const seen: string[] = [];
    const end = performance.now() + 60_000;
    for (;;) {
      const now = (await describeInstance(id)).DBInstanceStatus!;
      if (seen.at(-1) !== now) seen.push(now);
      if (now === status) return seen;
      if (["failed", "incompatible-restore"].includes(now) || performance.now() > end)
        throw new Error(`${id} did not become ${status}: ${seen.join(", ")}`);
      await world.clock.sleep(500);
    }
  };
  const gone = async (id: string) => {
    const end = performance.now() + 30_000;
    while (await describeInstance(id).catch(() => undefined)) {
      if (performance.now() > end) throw new Error(`${id} was not deleted`);
      await world.clock.sleep(500);
    }
  };
  return {
    world,
    call,
    describe: describeInstance,
    reaches,
    gone,
    create: (DBInstanceIdentifier: string, input: object = {}) =>
      call("CreateDBInstance", {
        DBInstanceIdentifier,
        Engine: "postgres",
        DBInstanceClass: "db.t3.micro",
        AllocatedStorage: 20,
        MasterUsername: "lab",
        MasterUserPassword: PASSWORD,
        ...input,
      }),
    snapshot: async (DBSnapshotIdentifier: string): Promise<DBSnapshot> =>
      (await call<{ DBSnapshots: DBSnapshot[] }>("DescribeDBSnapshots", { DBSnapshotIdentifier }))
        .DBSnapshots[0]!,
    /** Runs SQL as the master user, as an application would. */
    query: async (id: string, sql: string, password = PASSWORD): Promise<Record<string, unknown>[]> => {
      const client = new pg.Client({
        ...connectionOf(world, id),
        user: "lab",
        password,
        database: "postgres",
        ssl: { rejectUnauthorized: false },
      });
      await client.connect();
      try {
        return (await client.query(sql)).rows as Record<string, unknown>[];
      } finally {
        await client.end();
      }
    },
    /** Waits until a moment is restorable. */
    restorable: async (id: string, moment: number) => {
      const end = performance.now() + 60_000;
      while ((instanceNamed(world, id).restorableUntil ?? 0) < moment) {
        if (performance.now() > end) throw new Error(`${id} cannot be restored to that moment`);
        await world.clock.sleep(1_000);
      }
    },
    stop: async () => {
      await world.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type RdsWorld = Awaited<ReturnType<typeof rdsWorld>>;
