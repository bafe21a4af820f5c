import type { DeleteDBInstanceCommandInput, DeleteDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { instanceAnswer } from "./answers.ts";
import { instanceTags } from "./arns.ts";
import { memberAnswer } from "./cluster-answers.ts";
import { removeMember } from "./cluster-lifecycle.ts";
import { type Member, memberNamed } from "./cluster-state.ts";
import { takeDown } from "./lifecycle.ts";
import { beginSnapshot } from "./snapshots.ts";
import { type Instance, instanceArn, instanceNamed, rdsState } from "./state.ts";

/** An instance whose final snapshot failed is not deleted. */
async function remove(
  world: World,
  instance: Instance,
  final: ReturnType<typeof beginSnapshot> | undefined,
): Promise<void> {
  await final?.done;
  if (final && final.snapshot.status !== "available") {
    instance.status = "available";
    return;
  }
  await takeDown(world, instance, true);
  rdsState(world).instances.delete(instance.id);
}

/** The cluster and its volume stay: an instance of it holds no data of its own. */
function deleteMember(world: World, member: Member, input: DeleteDBInstanceCommandInput) {
  if (member.status === "deleting")
    throw new ServiceException(
      "InvalidDBInstanceStateFault",
      `Instance ${member.id} is already being deleted.`,
    );
  if (input.FinalDBSnapshotIdentifier)
    throw new ServiceException(
      "InvalidParameterCombination",
      "FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance",
    );
  removeMember(world, member);
  return memberAnswer(world, member);
}

/** Deletes an instance that is not protected, or one of a cluster. */
export const DeleteDBInstance = operation<
  DeleteDBInstanceCommandInput,
  Omit<DeleteDBInstanceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DeleteDBInstance",
      resources: [instanceArn(world, input.DBInstanceIdentifier ?? "*")],
      context: instanceTags(world, input.DBInstanceIdentifier),
    },
  ],
  run: (input, { world }) => {
    const member = memberNamed(world, input.DBInstanceIdentifier);
    if (member) return { DBInstance: deleteMember(world, member, input) };
    const instance = instanceNamed(world, input.DBInstanceIdentifier);
    if (instance.status === "deleting")
      throw new ServiceException(
        "InvalidDBInstanceStateFault",
        `Instance ${instance.id} is already being deleted.`,
      );
    if (instance.settings.DeletionProtection)
      throw new ServiceException(
        "InvalidParameterCombination",
        "Cannot delete protected DB Instance, please disable deletion protection and try again.",
      );
    if (!input.SkipFinalSnapshot && !input.FinalDBSnapshotIdentifier)
      throw new ServiceException(
        "InvalidParameterCombination",
        "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
      );
    if (input.SkipFinalSnapshot && input.FinalDBSnapshotIdentifier)
      throw new ServiceException(
        "InvalidParameterCombination",
        "FinalDBSnapshotIdentifier cannot be specified when SkipFinalSnapshot is specified.",
      );
    const snapshot = input.SkipFinalSnapshot
      ? undefined
      : beginSnapshot(world, instance, input.FinalDBSnapshotIdentifier!, []);
    instance.status = "deleting";
    const answer = { DBInstance: instanceAnswer(world, instance) };
    remove(world, instance, snapshot).catch((error: Error) =>
      world.log("rds", `${instance.id} was not deleted: ${error.message}`),
    );
    return answer;
  },
});
