import {
  CreateDBClusterSnapshotCommand,
  type DBClusterSnapshot,
  DescribeDBClusterSnapshotsCommand,
} from "@aws-sdk/client-rds";
import type * as z from "zod";
import { refusal } from "../../runtime/errors.ts";
import { findCluster } from "../../runtime/rds/clusters.ts";
import { rds } from "../../runtime/rds/instances.ts";
import { snapshotVerbs, type Taken } from "../../runtime/rds/snapshot-verbs.ts";
import { serveAction } from "../../runtime/serve-action.ts";
import { auroraSnapshot } from "./spec.ts";

const taken = (snapshot: DBClusterSnapshot | undefined): Taken | undefined =>
  snapshot && {
    arn: snapshot.DBClusterSnapshotArn,
    status: snapshot.Status,
    percent: snapshot.PercentProgress,
    takenAt: snapshot.SnapshotCreateTime,
    tags: snapshot.TagList ?? [],
  };

async function find(id: string): Promise<Taken | undefined> {
  try {
    const { DBClusterSnapshots } = await rds().send(
      new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: id }),
    );
    return taken(DBClusterSnapshots?.[0]);
  } catch (error) {
    if ((error as Error).name === "DBClusterSnapshotNotFoundFault") return undefined;
    throw error;
  }
}

export const verbs = snapshotVerbs<z.output<typeof auroraSnapshot.input>>({
  of: ({ cluster }) => cluster,
  look: async ({ cluster, instances }) => {
    const found = await findCluster(cluster);
    const members = found?.DBClusterMembers?.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier) ?? [];
    const strangers = found ? instances.filter((each) => !members.includes(each)) : [];
    if (strangers.length > 0)
      throw refusal(
        `${strangers.join(", ")} is no instance of ${cluster}, which has ${members.join(", ") || "none"}: a snapshot of it would not save what is in there. Nothing was changed. Correct the plan.`,
      );
    return found && { arn: found.DBClusterArn, status: found.Status };
  },
  statuses: ["available", "backing-up", "modifying", "storage-optimization"],
  find,
  create: async (DBClusterIdentifier, DBClusterSnapshotIdentifier, Tags) =>
    taken(
      (
        await rds().send(
          new CreateDBClusterSnapshotCommand({ DBClusterIdentifier, DBClusterSnapshotIdentifier, Tags }),
        )
      ).DBClusterSnapshot,
    ),
  exists: "DBClusterSnapshotAlreadyExistsFault",
  busy: "InvalidDBClusterStateFault",
});

export const handler = serveAction(auroraSnapshot, verbs);
