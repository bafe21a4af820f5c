import type { DeleteDBSnapshotCommandInput, DeleteDBSnapshotCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { snapshotAnswer } from "./answers.ts";
import { rdsState, snapshotArn, snapshotNamed } from "./state.ts";

/** Deletes a manual snapshot. */
export const DeleteDBSnapshot = operation<
  DeleteDBSnapshotCommandInput,
  Omit<DeleteDBSnapshotCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:DeleteDBSnapshot", resources: [snapshotArn(world, input.DBSnapshotIdentifier ?? "*")] },
  ],
  run: (input, { world }) => {
    const snapshot = snapshotNamed(world, input.DBSnapshotIdentifier);
    if (snapshot.status !== "available")
      throw new ServiceException(
        "InvalidDBSnapshotStateFault",
        `The snapshot ${snapshot.id} is not in available state.`,
      );
    rdsState(world).snapshots.delete(snapshot.id);
    return { DBSnapshot: { ...snapshotAnswer(snapshot), Status: "deleted" } };
  },
});
