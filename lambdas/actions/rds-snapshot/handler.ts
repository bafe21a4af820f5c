import { CreateDBSnapshotCommand, type DBSnapshot, DescribeDBSnapshotsCommand } from "@aws-sdk/client-rds";
import { findInstance, rds } from "../../runtime/rds/instances.ts";
import { snapshotVerbs, type Taken } from "../../runtime/rds/snapshot-verbs.ts";
import { serveAction } from "../../runtime/serve-action.ts";
import { rdsSnapshot } from "./spec.ts";

const taken = (snapshot: DBSnapshot | undefined): Taken | undefined =>
  snapshot && {
    arn: snapshot.DBSnapshotArn,
    status: snapshot.Status,
    percent: snapshot.PercentProgress,
    takenAt: snapshot.SnapshotCreateTime,
    tags: snapshot.TagList ?? [],
  };

async function find(id: string): Promise<Taken | undefined> {
  try {
    const { DBSnapshots } = await rds().send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id }));
    return taken(DBSnapshots?.[0]);
  } catch (error) {
    if ((error as Error).name === "DBSnapshotNotFoundFault") return undefined;
    throw error;
  }
}

export const verbs = snapshotVerbs<{ instance: string }>({
  of: ({ instance }) => instance,
  look: async ({ instance }) => {
    const found = await findInstance(instance);
    return found && { arn: found.DBInstanceArn, status: found.DBInstanceStatus };
  },
  statuses: ["available", "backing-up", "modifying", "storage-optimization"],
  find,
  create: async (DBInstanceIdentifier, DBSnapshotIdentifier, Tags) =>
    taken(
      (await rds().send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier, Tags })))
        .DBSnapshot,
    ),
  exists: "DBSnapshotAlreadyExistsFault",
  busy: "InvalidDBInstanceStateFault",
});

export const handler = serveAction(rdsSnapshot, verbs);
