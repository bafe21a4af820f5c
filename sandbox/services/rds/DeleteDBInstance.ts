import type { DeleteDBInstanceCommandInput, DeleteDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
import { takeDown } from "./lifecycle.ts";
import { beginSnapshot } from "./snapshots.ts";
import { instanceArn, instanceNamed, rdsState } from "./state.ts";

/** Deletes an instance that is not protected. */
export const DeleteDBInstance = operation<
  DeleteDBInstanceCommandInput,
  Omit<DeleteDBInstanceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:DeleteDBInstance", resources: [instanceArn(world, input.DBInstanceIdentifier ?? "*")] },
  ],
  run: (input, { world }) => {
    const instance = instanceNamed(world, input.DBInstanceIdentifier);
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
    const snapshot = input.SkipFinalSnapshot
      ? undefined
      : beginSnapshot(world, instance, input.FinalDBSnapshotIdentifier!, []);
    instance.status = "deleting";
    const answer = { DBInstance: instanceAnswer(world, instance) };
    (snapshot?.done ?? Promise.resolve())
      .then(() => takeDown(world, instance, snapshot === undefined))
      .then(() => rdsState(world).instances.delete(instance.id))
      .catch((error: Error) => world.log("rds", `${instance.id} was not deleted: ${error.message}`));
    return answer;
  },
});
