import type {
  RestoreDBClusterToPointInTimeCommandInput,
  RestoreDBClusterToPointInTimeCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { keyUse } from "../key-use.ts";
import { addTags, clusterGroupArns } from "./arns.ts";
import { clusterAnswer } from "./cluster-answers.ts";
import { addCluster } from "./cluster-lifecycle.ts";
import { clusterSettingsFrom, restoredClusterSettings } from "./cluster-settings.ts";
import { availableCluster, clusterArn, clusterState, type DbCluster } from "./cluster-state.ts";
import { beat } from "./heartbeat.ts";
import { bringUp } from "./lifecycle.ts";
import { instanceIdentifier } from "./names.ts";
import { restoreWindow } from "./restore-window.ts";

const combination = (message: string) => new ServiceException("InvalidParameterCombination", message);

/** The moment that is asked for, sandbox time. A clone is the cluster as it is now, and no earlier moment of it. */
async function momentOf(
  world: World,
  input: RestoreDBClusterToPointInTimeCommandInput,
  { id, volume }: DbCluster,
): Promise<number> {
  if (input.RestoreToTime && input.UseLatestRestorableTime)
    throw combination("Must specify either UseLatestRestorableTime or RestoreToTime, not both.");
  if (!input.RestoreToTime && !input.UseLatestRestorableTime)
    throw combination("Must specify either UseLatestRestorableTime or RestoreToTime.");
  if (input.RestoreType === "copy-on-write") {
    if (input.RestoreToTime)
      throw combination("RestoreToTime cannot be specified when RestoreType is copy-on-write.");
    await beat(world, volume);
  }
  const { earliest, latest } = restoreWindow(world, volume);
  if (earliest === undefined || latest === undefined)
    throw new ServiceException("InvalidRestoreFault", `The DB cluster ${id} has no restorable time yet.`);
  const time = input.RestoreToTime?.getTime() ?? latest;
  if (time < earliest || time > latest)
    throw new ServiceException(
      "InvalidRestoreFault",
      `The specified cluster cannot be restored to ${new Date(time).toISOString()} because it is not within the restorable window, ${new Date(earliest).toISOString()} to ${new Date(latest).toISOString()}.`,
    );
  return time;
}

/** Recovers a cluster as it was at a moment into a new cluster, without instances. */
export const RestoreDBClusterToPointInTime = operation<
  RestoreDBClusterToPointInTimeCommandInput,
  Omit<RestoreDBClusterToPointInTimeCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => {
    const source = clusterArn(world, input.SourceDBClusterIdentifier ?? "*");
    const target = clusterArn(world, input.DBClusterIdentifier ?? "*");
    return [
      {
        action: "rds:RestoreDBClusterToPointInTime",
        resources: [source, target, ...clusterGroupArns(world, input)],
      },
      ...addTags(input.Tags, target),
      ...keyUse(
        clusterState(world).clusters.get(input.SourceDBClusterIdentifier ?? "")?.settings.KmsKeyId,
        "rds",
        world.region,
        ["kms:DescribeKey", "kms:CreateGrant"],
      ),
    ];
  },
  run: async (input, { world }) => {
    const id = instanceIdentifier(input.DBClusterIdentifier, "DBClusterIdentifier");
    const source = availableCluster(world, input.SourceDBClusterIdentifier);
    if (clusterState(world).clusters.has(id))
      throw new ServiceException("DBClusterAlreadyExistsFault", "DB Cluster already exists");
    if (input.RestoreType && !["full-copy", "copy-on-write"].includes(input.RestoreType))
      throw new ServiceException("InvalidParameterValue", `Invalid restore type: ${input.RestoreType}`);
    // Documented as parameters; the service turns them down (boto/boto3 issue 4634).
    if (input.EnablePerformanceInsights !== undefined || input.MonitoringInterval !== undefined)
      throw combination(
        "You can enable Performance Insights or set the Enhanced Monitoring interval only when restoring from a source Aurora Limitless DB cluster",
      );
    const machineTime = world.clock.toMachine(await momentOf(world, input, source));
    const { volume } = source;
    const cluster = await addCluster(world, {
      id,
      settings: clusterSettingsFrom(world, restoredClusterSettings(world, source.settings), input),
      port: input.Port ?? volume.port,
      masterPassword: volume.masterPassword,
      superuserPassword: volume.superuserPassword,
      tags: input.Tags ?? [],
    });
    bringUp(world, cluster.volume, {
      backup: volume.backups.findLast((backup) => backup.endedAt <= machineTime)!,
      archive: volume.cluster.archive,
      target: { time: machineTime },
      superuserPassword: volume.superuserPassword,
    });
    return { DBCluster: clusterAnswer(world, cluster) };
  },
});
