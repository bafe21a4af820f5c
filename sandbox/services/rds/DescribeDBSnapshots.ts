import type { DescribeDBSnapshotsCommandInput, DescribeDBSnapshotsCommandOutput } from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { snapshotAnswer } from "./answers.ts";
import { page } from "./page.ts";
import { instanceArn, rdsState, snapshotArn, snapshotNamed } from "./state.ts";

/** Snapshots, by identifier or instance. */
export const DescribeDBSnapshots = operation<
  DescribeDBSnapshotsCommandInput,
  Omit<DescribeDBSnapshotsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DescribeDBSnapshots",
      resources: [
        input.DBSnapshotIdentifier
          ? snapshotArn(world, input.DBSnapshotIdentifier)
          : instanceArn(world, input.DBInstanceIdentifier ?? "*"),
      ],
    },
  ],
  run: (input, { world }) => {
    const wanted = input.DBSnapshotIdentifier;
    const all =
      wanted === undefined ? [...rdsState(world).snapshots.values()] : [snapshotNamed(world, wanted)];
    const found = all.filter(
      (each) =>
        (input.DBInstanceIdentifier === undefined ||
          each.source === input.DBInstanceIdentifier.toLowerCase()) &&
        (input.SnapshotType === undefined || each.type === input.SnapshotType),
    );
    const { items, Marker } = page(found, input);
    return { DBSnapshots: items.map(snapshotAnswer), Marker };
  },
});
