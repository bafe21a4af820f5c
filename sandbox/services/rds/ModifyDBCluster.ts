import type { ModifyDBClusterCommandInput, ModifyDBClusterCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { clusterGroupArns } from "./arns.ts";
import { clusterAnswer } from "./cluster-answers.ts";
import { clusterSettingsFrom } from "./cluster-settings.ts";
import { availableCluster, clusterArn } from "./cluster-state.ts";

/** Sandbox milliseconds that a modification takes. */
const MODIFYING = 15_000;
/** What this does nothing about, so that it says so. */
const NOT_HERE = ["NewDBClusterIdentifier", "MasterUserPassword", "EngineVersion", "Port"] as const;

/** Changes settings of a cluster. */
export const ModifyDBCluster = operation<
  ModifyDBClusterCommandInput,
  Omit<ModifyDBClusterCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:ModifyDBCluster",
      resources: [
        clusterArn(world, input.DBClusterIdentifier ?? "*"),
        ...clusterGroupArns(world, { ...input, DBSubnetGroupName: undefined }),
      ],
    },
  ],
  run: (input, { world }) => {
    const missing = NOT_HERE.find((name) => input[name] !== undefined);
    if (missing)
      throw new ServiceException(
        "NotImplementedBySandbox",
        `The sandbox's ModifyDBCluster does not know ${missing}. Nothing was changed.`,
        { status: 501 },
      );
    const cluster = availableCluster(world, input.DBClusterIdentifier);
    cluster.settings = clusterSettingsFrom(world, cluster.settings, input);
    cluster.modifying = true;
    const answer = { DBCluster: clusterAnswer(world, cluster) };
    void world.clock.sleep(MODIFYING).then(() => {
      cluster.modifying = false;
    });
    return answer;
  },
});
