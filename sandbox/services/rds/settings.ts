import type {
  CreateDBInstanceCommandInput,
  DBInstance,
  ModifyDBInstanceCommandInput,
  RestoreDBInstanceToPointInTimeCommandInput,
} from "@aws-sdk/client-rds";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { defaultSecurityGroupId } from "../ec2/state.ts";
import { DEFAULTS, type InstanceSettings, rdsState } from "./state.ts";

/** The inputs that set up an instance; each operation has most of them. */
type Wanted = Omit<CreateDBInstanceCommandInput, "Engine" | "DBInstanceIdentifier" | "DBInstanceClass"> &
  Omit<RestoreDBInstanceToPointInTimeCommandInput, "TargetDBInstanceIdentifier"> &
  Pick<ModifyDBInstanceCommandInput, "ApplyImmediately">;

const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;

/** Settings that an input may set under the same name on the instance. */
function plainSettings(
  input: Partial<Wanted> & { DBInstanceClass?: string | undefined },
): Partial<DBInstance> {
  return present({
    DBInstanceClass: input.DBInstanceClass,
    AllocatedStorage: input.AllocatedStorage,
    StorageType: input.StorageType,
    Iops: input.Iops,
    StorageThroughput: input.StorageThroughput,
    MaxAllocatedStorage: input.MaxAllocatedStorage,
    MultiAZ: input.MultiAZ,
    PubliclyAccessible: input.PubliclyAccessible,
    DeletionProtection: input.DeletionProtection,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
    BackupRetentionPeriod: input.BackupRetentionPeriod,
    PreferredBackupWindow: input.PreferredBackupWindow,
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
    MonitoringInterval: input.MonitoringInterval,
    MonitoringRoleArn: input.MonitoringRoleArn,
    PerformanceInsightsEnabled: input.EnablePerformanceInsights,
    PerformanceInsightsKMSKeyId: input.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
    DatabaseInsightsMode: input.DatabaseInsightsMode,
    EngineLifecycleSupport: input.EngineLifecycleSupport,
    NetworkType: input.NetworkType,
    LicenseModel: input.LicenseModel,
    DedicatedLogVolume: input.DedicatedLogVolume,
    ProcessorFeatures: input.ProcessorFeatures,
    BackupTarget: input.BackupTarget,
    CACertificateIdentifier: input.CACertificateIdentifier,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
  });
}

/** Groups by name; each must exist. */
function groupSettings(world: World, input: Partial<Wanted>): Partial<DBInstance> {
  const { subnetGroups, parameterGroups, optionGroups } = rdsState(world);
  const found: Partial<DBInstance> = {};
  if (input.DBSubnetGroupName !== undefined) {
    const group = subnetGroups.get(input.DBSubnetGroupName.toLowerCase());
    if (!group)
      throw new ServiceException(
        "DBSubnetGroupNotFoundFault",
        `DB subnet group '${input.DBSubnetGroupName}' does not exist.`,
      );
    found.DBSubnetGroup = group;
  }
  if (input.DBParameterGroupName !== undefined) {
    if (!parameterGroups.has(input.DBParameterGroupName))
      throw new ServiceException(
        "DBParameterGroupNotFoundFault",
        `DBParameterGroup not found: ${input.DBParameterGroupName}`,
      );
    found.DBParameterGroups = [
      { DBParameterGroupName: input.DBParameterGroupName, ParameterApplyStatus: "in-sync" },
    ];
  }
  if (input.OptionGroupName !== undefined) {
    if (!optionGroups.has(input.OptionGroupName))
      throw new ServiceException(
        "OptionGroupNotFoundFault",
        `The option group ${input.OptionGroupName} does not exist.`,
      );
    found.OptionGroupMemberships = [{ OptionGroupName: input.OptionGroupName, Status: "in-sync" }];
  }
  if (input.VpcSecurityGroupIds && input.VpcSecurityGroupIds.length > 0)
    found.VpcSecurityGroups = input.VpcSecurityGroupIds.map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: "active",
    }));
  return found;
}

/** What RDS gives an instance unless told otherwise: default groups, one AZ, the protections off (AWS-FACTS §1). */
export function defaultSettings(world: World): InstanceSettings {
  return {
    Engine: "postgres",
    EngineVersion: "17.10",
    LicenseModel: "postgresql-license",
    DBInstanceClass: "db.t3.micro",
    AllocatedStorage: 20,
    StorageType: "gp3",
    MultiAZ: false,
    PubliclyAccessible: false,
    DeletionProtection: false,
    CopyTagsToSnapshot: false,
    IAMDatabaseAuthenticationEnabled: false,
    AutoMinorVersionUpgrade: true,
    StorageEncrypted: false,
    BackupRetentionPeriod: 1,
    PreferredBackupWindow: "03:00-03:30",
    PreferredMaintenanceWindow: "sun:04:00-sun:04:30",
    MonitoringInterval: 0,
    PerformanceInsightsEnabled: false,
    NetworkType: "IPV4",
    BackupTarget: "region",
    CACertificateIdentifier: "rds-ca-rsa2048-g1",
    EngineLifecycleSupport: "open-source-rds-extended-support",
    AvailabilityZone: `${world.region}a`,
    VpcSecurityGroups: [{ VpcSecurityGroupId: defaultSecurityGroupId(world), Status: "active" }],
    DBSubnetGroup: rdsState(world).subnetGroups.get(DEFAULTS.subnets),
    DBParameterGroups: [{ DBParameterGroupName: DEFAULTS.parameters, ParameterApplyStatus: "in-sync" }],
    OptionGroupMemberships: [{ OptionGroupName: DEFAULTS.options, Status: "in-sync" }],
    DBSecurityGroups: [],
    PendingModifiedValues: {},
    ReadReplicaDBInstanceIdentifiers: [],
    AssociatedRoles: [],
    DomainMemberships: [],
  };
}

/** What a restored instance has of the one it comes from; the rest is the defaults, not the source's (AWS-FACTS §1). */
const RESTORED = [
  "MasterUsername",
  "DBName",
  "EngineVersion",
  "StorageEncrypted",
  "KmsKeyId",
  "AllocatedStorage",
  "StorageType",
  "DBInstanceClass",
] as const satisfies (keyof InstanceSettings)[];

/** Settings of an instance restored from another, or from its snapshot, before its input is heard. */
export function restoredSettings(world: World, source: InstanceSettings): InstanceSettings {
  const inherited = Object.fromEntries(RESTORED.map((name) => [name, source[name]]));
  return { ...defaultSettings(world), ...inherited };
}

/** Defaults overlaid with what the input says. Throws for combinations RDS refuses. */
export function settingsFrom(
  world: World,
  base: InstanceSettings,
  input: Partial<Wanted> & { DBInstanceClass?: string | undefined },
): InstanceSettings {
  if (input.AvailabilityZone !== undefined && input.MultiAZ)
    throw new ServiceException(
      "InvalidParameterCombination",
      "Requesting a specific availability zone is not valid for Multi-AZ instances.",
    );
  const settings = { ...base, ...plainSettings(input), ...groupSettings(world, input) };
  if (input.AvailabilityZone !== undefined) settings.AvailabilityZone = input.AvailabilityZone;
  if (settings.MultiAZ) settings.SecondaryAvailabilityZone = `${world.region}b`;
  else delete settings.SecondaryAvailabilityZone;
  return settings;
}
