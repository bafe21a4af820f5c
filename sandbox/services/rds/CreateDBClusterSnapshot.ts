import type {
  CreateDBClusterSnapshotCommandInput,
  CreateDBClusterSnapshotCommandOutput,
} from "@aws-sdk/client-rds";
import { takeBaseBackup } from "../../engines/postgres/backup.ts";
import { operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { addTags } from "./arns.ts";
import { clusterSnapshotAnswer } from "./cluster-answers.ts";
import {
  availableCluster,
  type ClusterSnapshot,
  clusterArn,
  clusterSnapshotArn,
  clusterState,
} from "./cluster-state.ts";
import { beat } from "./heartbeat.ts";
import { snapshotIdentifier } from "./names.ts";
import { recordEvent } from "./state.ts";

async function take(world: World, snapshot: ClusterSnapshot): Promise<void> {
  const { source, id, arn } = snapshot;
  try {
    snapshot.backup = await takeBaseBackup(source.volume.cluster);
    // Consistent only with the WAL up to its end; a heartbeat proves that this was archived.
    await beat(world, source.volume);
    snapshot.status = "available";
    snapshot.percent = 100;
    const about = { type: "db-cluster-snapshot" as const, id, arn };
    recordEvent(world, about, "Manual cluster snapshot created", "backup", "RDS-EVENT-0075");
  } catch (error) {
    snapshot.status = "failed";
    world.log("rds", `the cluster snapshot ${id} failed: ${(error as Error).message}`);
  }
}

/** Begins a snapshot of a cluster: a base backup of its volume. The cluster stays available, as Aurora's does. */
export const CreateDBClusterSnapshot = operation<
  CreateDBClusterSnapshotCommandInput,
  Omit<CreateDBClusterSnapshotCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => {
    const snapshot = clusterSnapshotArn(world, input.DBClusterSnapshotIdentifier ?? "*");
    return [
      {
        action: "rds:CreateDBClusterSnapshot",
        resources: [clusterArn(world, input.DBClusterIdentifier ?? "*"), snapshot],
      },
      ...addTags(input.Tags, snapshot),
    ];
  },
  run: (input, { world }) => {
    const id = snapshotIdentifier(input.DBClusterSnapshotIdentifier, "DBClusterSnapshotIdentifier");
    const source = availableCluster(world, input.DBClusterIdentifier);
    const { snapshots } = clusterState(world);
    if (snapshots.has(id))
      throw new ServiceException(
        "DBClusterSnapshotAlreadyExistsFault",
        `Cannot create the cluster snapshot because one with the identifier ${id} already exists.`,
      );
    const tags = input.Tags ?? [];
    const snapshot: ClusterSnapshot = {
      id,
      arn: clusterSnapshotArn(world, id),
      status: "creating",
      percent: 0,
      createdAt: world.clock.now(),
      backup: undefined,
      settings: { ...source.settings },
      source,
      tags: source.settings.CopyTagsToSnapshot
        ? [...source.tags.filter(({ Key }) => !tags.some((tag) => tag.Key === Key)), ...tags]
        : tags,
    };
    snapshots.set(id, snapshot);
    const answer = { DBClusterSnapshot: clusterSnapshotAnswer(snapshot) };
    source.volume.busy = take(world, snapshot);
    return answer;
  },
});
