import type { CreateDBInstanceCommandInput, CreateDBInstanceCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
import { addTags, groupArns } from "./arns.ts";
import { memberAnswer } from "./cluster-answers.ts";
import { addMember } from "./cluster-lifecycle.ts";
import { clusterArn } from "./cluster-state.ts";
import { addInstance, bringUp } from "./lifecycle.ts";
import { instanceIdentifier } from "./names.ts";
import { defaultSettings, settingsFrom } from "./settings.ts";
import { instanceArn } from "./state.ts";

/** A new PostgreSQL instance, or one of a cluster; it is made in the background. */
export const CreateDBInstance = operation<
  CreateDBInstanceCommandInput,
  Omit<CreateDBInstanceCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:CreateDBInstance",
      resources: [
        instanceArn(world, input.DBInstanceIdentifier ?? "*"),
        ...(input.DBClusterIdentifier ? [clusterArn(world, input.DBClusterIdentifier)] : []),
        ...groupArns(world, input),
      ],
    },
    ...addTags(input.Tags, instanceArn(world, input.DBInstanceIdentifier ?? "*")),
  ],
  run: async (input, { world }) => {
    if (input.DBClusterIdentifier !== undefined)
      return { DBInstance: memberAnswer(world, addMember(world, input)) };
    const id = instanceIdentifier(input.DBInstanceIdentifier);
    if (input.Engine !== "postgres")
      throw new ServiceException(
        "NotImplementedBySandbox",
        `The sandbox runs the engine postgres, not "${input.Engine}". Nothing was created.`,
        { status: 501 },
      );
    if (!input.MasterUsername || !input.MasterUserPassword)
      throw new ServiceException(
        "InvalidParameterCombination",
        "MasterUsername and MasterUserPassword are required.",
      );
    if (input.MasterUserPassword.length < 8)
      throw new ServiceException(
        "InvalidParameterValue",
        "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
      );
    const settings = settingsFrom(world, defaultSettings(world), input);
    Object.assign(settings, {
      MasterUsername: input.MasterUsername,
      DBName: input.DBName,
      EngineVersion: input.EngineVersion ?? settings.EngineVersion,
      StorageEncrypted: input.StorageEncrypted ?? false,
      KmsKeyId: input.StorageEncrypted ? (input.KmsKeyId ?? world.arn("kms", "key/aws-rds")) : undefined,
    });
    const instance = await addInstance(world, {
      id,
      settings,
      port: input.Port ?? 5432,
      masterPassword: input.MasterUserPassword,
      tags: input.Tags ?? [],
    });
    bringUp(world, instance);
    return { DBInstance: instanceAnswer(world, instance) };
  },
});
