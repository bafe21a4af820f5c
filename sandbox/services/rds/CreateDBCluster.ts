import type { CreateDBClusterCommandInput, CreateDBClusterCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { addTags, clusterGroupArns } from "./arns.ts";
import { clusterAnswer } from "./cluster-answers.ts";
import { addCluster } from "./cluster-lifecycle.ts";
import { clusterSettingsFrom, defaultClusterSettings, ENGINE } from "./cluster-settings.ts";
import { clusterArn } from "./cluster-state.ts";
import { bringUp } from "./lifecycle.ts";
import { instanceIdentifier } from "./names.ts";

/** A new Aurora cluster: its volume, made in the background, and no instance. */
export const CreateDBCluster = operation<
  CreateDBClusterCommandInput,
  Omit<CreateDBClusterCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => {
    const arn = clusterArn(world, input.DBClusterIdentifier ?? "*");
    return [
      { action: "rds:CreateDBCluster", resources: [arn, ...clusterGroupArns(world, input)] },
      ...addTags(input.Tags, arn),
    ];
  },
  run: async (input, { world }) => {
    const id = instanceIdentifier(input.DBClusterIdentifier, "DBClusterIdentifier");
    if (input.Engine !== ENGINE)
      throw new ServiceException(
        "NotImplementedBySandbox",
        `The sandbox runs clusters of the engine ${ENGINE}, not "${input.Engine}". Nothing was created.`,
        { status: 501 },
      );
    if (!input.MasterUsername || !input.MasterUserPassword)
      throw new ServiceException(
        "InvalidParameterCombination",
        "MasterUsername and MasterUserPassword are required.",
      );
    const settings = clusterSettingsFrom(world, defaultClusterSettings(world), input);
    Object.assign(settings, {
      MasterUsername: input.MasterUsername,
      DatabaseName: input.DatabaseName,
      EngineVersion: input.EngineVersion ?? settings.EngineVersion,
      StorageEncrypted: input.StorageEncrypted ?? false,
      KmsKeyId: input.StorageEncrypted ? (input.KmsKeyId ?? world.arn("kms", "key/aws-rds")) : undefined,
    });
    const cluster = await addCluster(world, {
      id,
      settings,
      port: input.Port ?? 5432,
      masterPassword: input.MasterUserPassword,
      tags: input.Tags ?? [],
    });
    bringUp(world, cluster.volume);
    return { DBCluster: clusterAnswer(world, cluster) };
  },
});
