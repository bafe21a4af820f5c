import type { DeleteDBClusterCommandInput, DeleteDBClusterCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { clusterTags } from "./arns.ts";
import { clusterAnswer } from "./cluster-answers.ts";
import { clusterArn, clusterNamed, clusterState, clusterStatus, type DbCluster } from "./cluster-state.ts";
import { takeDown } from "./lifecycle.ts";

/** The volume goes when the last of its instances has gone. */
async function remove(world: World, cluster: DbCluster): Promise<void> {
  await Promise.all(cluster.members.map(({ gone }) => gone));
  await takeDown(world, cluster.volume, true);
  clusterState(world).clusters.delete(cluster.id);
}

/** Deletes a cluster that is not protected and whose instances are gone or going. */
export const DeleteDBCluster = operation<
  DeleteDBClusterCommandInput,
  Omit<DeleteDBClusterCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DeleteDBCluster",
      resources: [clusterArn(world, input.DBClusterIdentifier ?? "*")],
      context: clusterTags(world, input.DBClusterIdentifier),
    },
  ],
  run: (input, { world }) => {
    const cluster = clusterNamed(world, input.DBClusterIdentifier);
    const status = clusterStatus(cluster);
    if (cluster.settings.DeletionProtection)
      throw new ServiceException(
        "InvalidParameterCombination",
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
      );
    if (input.SkipFinalSnapshot !== true)
      throw new ServiceException(
        "NotImplementedBySandbox",
        `The sandbox deletes a cluster without a final snapshot only. ${cluster.id} was not deleted.`,
        { status: 501 },
      );
    if (input.FinalDBSnapshotIdentifier)
      throw new ServiceException(
        "InvalidParameterCombination",
        "FinalDBSnapshotIdentifier cannot be specified when SkipFinalSnapshot is specified.",
      );
    if (cluster.members.some((member) => member.status !== "deleting"))
      throw new ServiceException(
        "InvalidDBClusterStateFault",
        "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
      );
    if (status !== "available" && !/^(failed|incompatible-)/.test(status))
      throw new ServiceException(
        "InvalidDBClusterStateFault",
        `DbCluster ${cluster.id} is in ${status} state and cannot be deleted.`,
      );
    cluster.volume.status = "deleting";
    const answer = { DBCluster: clusterAnswer(world, cluster) };
    remove(world, cluster).catch((error: Error) =>
      world.log("rds", `${cluster.id} was not deleted: ${error.message}`),
    );
    return answer;
  },
});
