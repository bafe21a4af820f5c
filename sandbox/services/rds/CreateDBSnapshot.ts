import type { CreateDBSnapshotCommandInput, CreateDBSnapshotCommandOutput } from "@aws-sdk/client-rds";
import { operation } from "../../service.ts";
import { snapshotAnswer } from "./answers.ts";
import { addTags } from "./arns.ts";
import { snapshotIdentifier } from "./names.ts";
import { beginSnapshot } from "./snapshots.ts";
import { availableInstance, instanceArn, snapshotArn } from "./state.ts";

/** Begins a snapshot: a base backup of the running instance. */
export const CreateDBSnapshot = operation<
  CreateDBSnapshotCommandInput,
  Omit<CreateDBSnapshotCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:CreateDBSnapshot",
      resources: [
        instanceArn(world, input.DBInstanceIdentifier ?? "*"),
        snapshotArn(world, input.DBSnapshotIdentifier ?? "*"),
      ],
    },
    ...addTags(input.Tags, snapshotArn(world, input.DBSnapshotIdentifier ?? "*")),
  ],
  run: (input, { world }) => {
    const id = snapshotIdentifier(input.DBSnapshotIdentifier);
    const instance = availableInstance(world, input.DBInstanceIdentifier);
    return { DBSnapshot: snapshotAnswer(beginSnapshot(world, instance, id, input.Tags ?? []).snapshot) };
  },
});
