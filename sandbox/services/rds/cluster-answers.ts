import type { DBCluster, DBClusterSnapshot, DBInstance } from "@aws-sdk/client-rds";
import type { World } from "../../world.ts";
import {
  type ClusterSnapshot,
  clusterArn,
  clusterEndpoints,
  clusterStatus,
  type DbCluster,
  type Member,
  memberArn,
} from "./cluster-state.ts";
import { restoreWindow } from "./restore-window.ts";
import { endpointName, rdsState } from "./state.ts";

const date = (at: number | undefined) => (at === undefined ? undefined : new Date(at));

/** A cluster as DescribeDBClusters answers it. Its endpoints exist from the beginning; they answer with an instance. */
export function clusterAnswer(world: World, cluster: DbCluster): DBCluster {
  const { writer, readers } = clusterEndpoints(world, cluster.id);
  const { earliest, latest } = restoreWindow(world, cluster.volume);
  return {
    ...cluster.settings,
    DBClusterIdentifier: cluster.id,
    DbClusterResourceId: cluster.resourceId,
    DBClusterArn: clusterArn(world, cluster.id),
    Status: clusterStatus(cluster),
    ClusterCreateTime: new Date(cluster.volume.createdAt),
    Endpoint: writer,
    ReaderEndpoint: readers,
    Port: cluster.volume.port,
    HostedZoneId: "Z2R2ITUGPM61AM",
    EarliestRestorableTime: date(earliest),
    LatestRestorableTime: date(latest),
    DBClusterMembers: cluster.members.map(({ id, settings }, index) => ({
      DBInstanceIdentifier: id,
      IsClusterWriter: index === 0,
      DBClusterParameterGroupStatus: "in-sync",
      PromotionTier: settings.PromotionTier ?? 1,
    })),
    TagList: cluster.tags,
  };
}

/** An instance of a cluster as DescribeDBInstances answers it: much of it is the cluster's. */
export function memberAnswer(world: World, member: Member): DBInstance {
  const { cluster, settings, status } = member;
  const of = cluster.settings;
  return {
    Engine: of.Engine,
    EngineVersion: of.EngineVersion,
    DBName: of.DatabaseName,
    MasterUsername: of.MasterUsername,
    StorageType: of.StorageType ?? "aurora",
    StorageEncrypted: of.StorageEncrypted,
    KmsKeyId: of.KmsKeyId,
    AllocatedStorage: of.AllocatedStorage,
    BackupRetentionPeriod: of.BackupRetentionPeriod,
    PreferredBackupWindow: of.PreferredBackupWindow,
    VpcSecurityGroups: of.VpcSecurityGroups,
    IAMDatabaseAuthenticationEnabled: of.IAMDatabaseAuthenticationEnabled,
    DBSubnetGroup: rdsState(world).subnetGroups.get(of.DBSubnetGroup ?? ""),
    MultiAZ: false,
    ...settings,
    DBClusterIdentifier: cluster.id,
    DBInstanceIdentifier: member.id,
    DbiResourceId: member.resourceId,
    DBInstanceArn: memberArn(world, member),
    DBInstanceStatus: status,
    InstanceCreateTime: status === "creating" ? undefined : new Date(member.createdAt),
    Endpoint:
      status === "creating"
        ? undefined
        : {
            Address: endpointName(world, member.id),
            Port: cluster.volume.port,
            HostedZoneId: "Z2R2ITUGPM61AM",
          },
    DbInstancePort: 0,
    TagList: member.tags,
  };
}

/** A snapshot as DescribeDBClusterSnapshots answers it. */
export function clusterSnapshotAnswer(snapshot: ClusterSnapshot): DBClusterSnapshot {
  const { settings, source } = snapshot;
  return {
    DBClusterSnapshotIdentifier: snapshot.id,
    DBClusterIdentifier: source.id,
    DbClusterResourceId: source.resourceId,
    DBClusterSnapshotArn: snapshot.arn,
    SnapshotCreateTime: snapshot.status === "available" ? new Date(snapshot.createdAt) : undefined,
    Engine: settings.Engine,
    EngineVersion: settings.EngineVersion,
    EngineMode: settings.EngineMode,
    AllocatedStorage: settings.AllocatedStorage,
    Status: snapshot.status,
    PercentProgress: snapshot.percent,
    Port: 0,
    ClusterCreateTime: new Date(source.volume.createdAt),
    MasterUsername: settings.MasterUsername,
    LicenseModel: "postgresql-license",
    SnapshotType: "manual",
    StorageEncrypted: settings.StorageEncrypted,
    KmsKeyId: settings.KmsKeyId,
    IAMDatabaseAuthenticationEnabled: settings.IAMDatabaseAuthenticationEnabled,
    TagList: snapshot.tags,
  };
}
