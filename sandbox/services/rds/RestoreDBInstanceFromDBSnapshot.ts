import type {
  RestoreDBInstanceFromDBSnapshotCommandInput,
  RestoreDBInstanceFromDBSnapshotCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
import { addTags, groupArns } from "./arns.ts";
import { addInstance, bringUp } from "./lifecycle.ts";
import { instanceIdentifier } from "./names.ts";
import { restoredSettings, settingsFrom } from "./settings.ts";
import { instanceArn, snapshotArn, snapshotNamed } from "./state.ts";

/** Recovers a snapshot into a new instance. */
export const RestoreDBInstanceFromDBSnapshot = operation<
  RestoreDBInstanceFromDBSnapshotCommandInput,
  Omit<RestoreDBInstanceFromDBSnapshotCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:RestoreDBInstanceFromDBSnapshot",
      resources: [
        instanceArn(world, input.DBInstanceIdentifier ?? "*"),
        snapshotArn(world, input.DBSnapshotIdentifier ?? "*"),
        ...groupArns(world, input),
      ],
    },
    ...addTags(input.Tags, instanceArn(world, input.DBInstanceIdentifier ?? "*")),
  ],
  run: async (input, { world }) => {
    const id = instanceIdentifier(input.DBInstanceIdentifier);
    const snapshot = snapshotNamed(world, input.DBSnapshotIdentifier);
    if (snapshot.status !== "available" || !snapshot.backup)
      throw new ServiceException(
        "InvalidDBSnapshotStateFault",
        `The snapshot ${snapshot.id} is not in available state.`,
      );
    const instance = await addInstance(world, {
      id,
      settings: settingsFrom(world, restoredSettings(world, snapshot.settings), input),
      port: input.Port ?? 5432,
      masterPassword: snapshot.masterPassword,
      superuserPassword: snapshot.superuserPassword,
      tags: input.Tags ?? [],
    });
    bringUp(world, instance, {
      backup: snapshot.backup,
      archive: snapshot.archive,
      target: "consistent",
      superuserPassword: snapshot.superuserPassword,
    });
    return { DBInstance: instanceAnswer(world, instance) };
  },
});
