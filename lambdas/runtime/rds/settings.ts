import type {
  DBInstance,
  ModifyDBInstanceCommandInput,
  RestoreDBInstanceToPointInTimeCommandInput,
} from "@aws-sdk/client-rds";

/** Everything a restore would silently set to a default unless it is given (AWS-FACTS §1), read from the source. */
export type Carried = Omit<
  RestoreDBInstanceToPointInTimeCommandInput,
  "TargetDBInstanceIdentifier" | "SourceDBInstanceIdentifier" | "RestoreTime" | "Tags"
>;

/** The source's settings as the restore takes them. An AZ is not allowed together with Multi-AZ. */
export function carriedSettings(source: DBInstance): Carried {
  const carried: Carried = {
    DBInstanceClass: source.DBInstanceClass,
    Port: source.Endpoint?.Port,
    DBSubnetGroupName: source.DBSubnetGroup?.DBSubnetGroupName,
    VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(
      ({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [],
    ),
    DBParameterGroupName: source.DBParameterGroups?.[0]?.DBParameterGroupName,
    OptionGroupName: source.OptionGroupMemberships?.[0]?.OptionGroupName,
    MultiAZ: source.MultiAZ,
    AvailabilityZone: source.MultiAZ ? undefined : source.AvailabilityZone,
    PubliclyAccessible: source.PubliclyAccessible,
    DeletionProtection: source.DeletionProtection,
    EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: source.EnabledCloudwatchLogsExports,
    CopyTagsToSnapshot: source.CopyTagsToSnapshot,
    AutoMinorVersionUpgrade: source.AutoMinorVersionUpgrade,
    StorageType: source.StorageType,
    Iops: source.StorageType === "gp3" && (source.AllocatedStorage ?? 0) < 400 ? undefined : source.Iops,
    StorageThroughput:
      source.StorageType === "gp3" && (source.AllocatedStorage ?? 0) < 400
        ? undefined
        : source.StorageThroughput,
    MaxAllocatedStorage: source.MaxAllocatedStorage,
    BackupRetentionPeriod: source.BackupRetentionPeriod,
    PreferredBackupWindow: source.PreferredBackupWindow,
    CACertificateIdentifier: source.CACertificateIdentifier,
    EngineLifecycleSupport: source.EngineLifecycleSupport,
    NetworkType: source.NetworkType,
    DedicatedLogVolume: source.DedicatedLogVolume || undefined,
    // Named only where they are not the instance class's own.
    ProcessorFeatures: source.ProcessorFeatures?.length ? source.ProcessorFeatures : undefined,
    LicenseModel: source.LicenseModel,
  };
  return Object.fromEntries(Object.entries(carried).filter(([, value]) => value !== undefined)) as Carried;
}

/** Settings that only ModifyDBInstance can set on a restored instance. */
const AFTERWARDS: (keyof DBInstance)[] = [
  "MonitoringInterval",
  "MonitoringRoleArn",
  "PerformanceInsightsEnabled",
  "PerformanceInsightsRetentionPeriod",
  "DatabaseInsightsMode",
  "PreferredMaintenanceWindow",
];

const same = (left: unknown, right: unknown) =>
  JSON.stringify([left].flat().toSorted()) === JSON.stringify([right].flat().toSorted());

/** Setting by setting: `drift` must not be, `afterwards` is set with ModifyDBInstance. */
export function compareSettings(
  wanted: Carried,
  afterwardsOf: Partial<DBInstance>,
  restored: DBInstance,
): { drift: string[]; afterwards: string[] } {
  const has = carriedSettings(restored) as Record<string, unknown>;
  const line = (name: string, from: unknown, to: unknown) =>
    `${name}: ${JSON.stringify(from)} → ${JSON.stringify(to ?? null)}`;
  const drift = Object.entries(wanted)
    .filter(([name, value]) => name !== "AvailabilityZone" && !same(value, has[name]))
    .map(([name, value]) => line(name, value, has[name]));
  const afterwards = AFTERWARDS.filter(
    (name) => afterwardsOf[name] !== undefined && !same(afterwardsOf[name], restored[name]),
  ).map((name) => line(name, afterwardsOf[name], restored[name]));
  return { drift, afterwards };
}

/** The settings of the second kind, kept in `before`. */
export const afterwardsSettings = (source: DBInstance): Partial<DBInstance> =>
  Object.fromEntries(
    AFTERWARDS.filter((name) => source[name] !== undefined).map((name) => [name, source[name]]),
  );

/** What ModifyDBInstance must be given so that a restored instance has them too; undefined when it has. */
export function afterwardsChange(
  wanted: Partial<DBInstance>,
  restored: DBInstance,
): Omit<ModifyDBInstanceCommandInput, "DBInstanceIdentifier"> | undefined {
  const missing = AFTERWARDS.filter(
    (name) => wanted[name] !== undefined && !same(wanted[name], restored[name]),
  );
  if (missing.length === 0) return undefined;
  const insights = missing.some(
    (name) => name.startsWith("PerformanceInsights") || name === "DatabaseInsightsMode",
  );
  const monitoring = missing.some((name) => name.startsWith("Monitoring"));
  return {
    ...(monitoring
      ? { MonitoringInterval: wanted.MonitoringInterval, MonitoringRoleArn: wanted.MonitoringRoleArn }
      : {}),
    ...(insights
      ? {
          EnablePerformanceInsights: wanted.PerformanceInsightsEnabled,
          ...(wanted.PerformanceInsightsEnabled
            ? { PerformanceInsightsRetentionPeriod: wanted.PerformanceInsightsRetentionPeriod }
            : {}),
          DatabaseInsightsMode: wanted.DatabaseInsightsMode,
        }
      : {}),
    ...(missing.includes("PreferredMaintenanceWindow")
      ? { PreferredMaintenanceWindow: wanted.PreferredMaintenanceWindow }
      : {}),
  };
}
