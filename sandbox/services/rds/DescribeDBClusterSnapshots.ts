import type {
  DescribeDBClusterSnapshotsCommandInput,
  DescribeDBClusterSnapshotsCommandOutput,
} from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { clusterSnapshotAnswer } from "./cluster-answers.ts";
import { clusterArn, clusterSnapshotArn, clusterSnapshotNamed, clusterState } from "./cluster-state.ts";
import { page } from "./page.ts";

/** Snapshots of clusters, by identifier or cluster. */
export const DescribeDBClusterSnapshots = operation<
  DescribeDBClusterSnapshotsCommandInput,
  Omit<DescribeDBClusterSnapshotsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DescribeDBClusterSnapshots",
      resources: [
        input.DBClusterSnapshotIdentifier
          ? clusterSnapshotArn(world, input.DBClusterSnapshotIdentifier)
          : clusterArn(world, input.DBClusterIdentifier ?? "*"),
      ],
    },
  ],
  run: (input, { world }) => {
    const wanted = input.DBClusterSnapshotIdentifier;
    const all =
      wanted === undefined
        ? [...clusterState(world).snapshots.values()]
        : [clusterSnapshotNamed(world, wanted)];
    const found = all.filter(
      ({ source }) =>
        input.DBClusterIdentifier === undefined || source.id === input.DBClusterIdentifier.toLowerCase(),
    );
    const { items, Marker } = page(found, input);
    return { DBClusterSnapshots: items.map(clusterSnapshotAnswer), Marker };
  },
});
