import type { DBInstance, DBSnapshot } from "@aws-sdk/client-rds";
import type { World } from "../../world.ts";
import { endpointName, type Instance, instanceArn, type Snapshot } from "./state.ts";

/** An instance as DescribeDBInstances answers it. An endpoint exists once it was created. */
export function instanceAnswer(world: World, instance: Instance): DBInstance {
  const { settings, status } = instance;
  const hasBackups = (settings.BackupRetentionPeriod ?? 0) > 0;
  return {
    ...settings,
    DBInstanceIdentifier: instance.id,
    DbiResourceId: instance.resourceId,
    DBInstanceArn: instanceArn(world, instance.id),
    DBInstanceStatus: status,
    InstanceCreateTime: status === "creating" ? undefined : new Date(instance.createdAt),
    Endpoint:
      status === "creating"
        ? undefined
        : { Address: endpointName(world, instance.id), Port: instance.port, HostedZoneId: "Z2R2ITUGPM61AM" },
    DbInstancePort: 0,
    LatestRestorableTime:
      hasBackups && instance.restorableUntil !== undefined ? new Date(instance.restorableUntil) : undefined,
    TagList: instance.tags,
    DeletionProtection: settings.DeletionProtection,
  };
}

/** A snapshot as DescribeDBSnapshots answers it. */
export function snapshotAnswer(snapshot: Snapshot): DBSnapshot {
  const { settings } = snapshot;
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBInstanceIdentifier: snapshot.source,
    DBSnapshotArn: snapshot.arn,
    SnapshotCreateTime: snapshot.status === "available" ? new Date(snapshot.createdAt) : undefined,
    OriginalSnapshotCreateTime: snapshot.status === "available" ? new Date(snapshot.createdAt) : undefined,
    Engine: settings.Engine,
    EngineVersion: settings.EngineVersion,
    AllocatedStorage: settings.AllocatedStorage,
    Status: snapshot.status,
    Port: 5432,
    AvailabilityZone: settings.AvailabilityZone,
    VpcId: settings.DBSubnetGroup?.VpcId,
    InstanceCreateTime: new Date(snapshot.createdAt),
    MasterUsername: settings.MasterUsername,
    LicenseModel: settings.LicenseModel,
    SnapshotType: snapshot.type,
    OptionGroupName: settings.OptionGroupMemberships?.[0]?.OptionGroupName,
    PercentProgress: snapshot.percent,
    StorageType: settings.StorageType,
    Encrypted: settings.StorageEncrypted,
    KmsKeyId: settings.KmsKeyId,
    IAMDatabaseAuthenticationEnabled: settings.IAMDatabaseAuthenticationEnabled,
    TagList: snapshot.tags,
    SnapshotTarget: "region",
  };
}
