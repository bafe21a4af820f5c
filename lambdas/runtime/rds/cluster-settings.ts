import type {
  CreateDBInstanceCommandInput,
  DBCluster,
  DBInstance,
  ModifyDBClusterCommandInput,
  RestoreDBClusterToPointInTimeCommandInput,
} from "@aws-sdk/client-rds";

/** Everything that a restored cluster would otherwise have of AWS's defaults, read from the source. */
export type CarriedCluster = Omit<
  RestoreDBClusterToPointInTimeCommandInput,
  "DBClusterIdentifier" | "SourceDBClusterIdentifier" | "RestoreToTime" | "Tags"
>;

/** What each instance of a restored cluster is made with. */
export type CarriedMember = Omit<
  CreateDBInstanceCommandInput,
  "DBInstanceIdentifier" | "DBClusterIdentifier" | "Tags"
>;

const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;

/** The source's settings as RestoreDBClusterToPointInTime takes them. */
export function carriedCluster(source: DBCluster): CarriedCluster {
  const { ServerlessV2ScalingConfiguration: scaling } = source;
  return present({
    Port: source.Port,
    DBSubnetGroupName: source.DBSubnetGroup,
    VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(
      ({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [],
    ),
    DBClusterParameterGroupName: source.DBClusterParameterGroup,
    DeletionProtection: source.DeletionProtection,
    EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: source.EnabledCloudwatchLogsExports,
    CopyTagsToSnapshot: source.CopyTagsToSnapshot,
    BackupRetentionPeriod: source.BackupRetentionPeriod,
    PreferredBackupWindow: source.PreferredBackupWindow,
    // Standard storage is not named in an answer.
    StorageType: source.StorageType,
    NetworkType: source.NetworkType,
    EngineLifecycleSupport: source.EngineLifecycleSupport,
    // Aurora MySQL only; 0 is off, which PostgreSQL does not know how to be.
    BacktrackWindow: source.BacktrackWindow || undefined,
    ServerlessV2ScalingConfiguration: scaling && {
      ...present({
        MinCapacity: scaling.MinCapacity,
        MaxCapacity: scaling.MaxCapacity,
        SecondsUntilAutoPause: scaling.SecondsUntilAutoPause,
      }),
    },
  });
}

/** The writer's settings as CreateDBInstance takes them; the rest is the cluster's. */
export const carriedMember = (writer: DBInstance): CarriedMember =>
  present({
    Engine: writer.Engine,
    DBInstanceClass: writer.DBInstanceClass,
    DBParameterGroupName: writer.DBParameterGroups?.[0]?.DBParameterGroupName,
    PubliclyAccessible: writer.PubliclyAccessible,
    AutoMinorVersionUpgrade: writer.AutoMinorVersionUpgrade,
    CACertificateIdentifier: writer.CACertificateIdentifier,
    PreferredMaintenanceWindow: writer.PreferredMaintenanceWindow,
    PromotionTier: writer.PromotionTier,
    ...(writer.MonitoringInterval
      ? { MonitoringInterval: writer.MonitoringInterval, MonitoringRoleArn: writer.MonitoringRoleArn }
      : {}),
    ...(writer.PerformanceInsightsEnabled
      ? {
          EnablePerformanceInsights: true,
          PerformanceInsightsRetentionPeriod: writer.PerformanceInsightsRetentionPeriod,
        }
      : {}),
  });

/** What AWS gives a restored cluster by itself, so that it is looked at and not asked for. */
const INHERITED = ["EngineVersion", "StorageEncrypted", "KmsKeyId"] as const;
/** What only ModifyDBCluster can set on one: the restore turns Performance Insights down (boto/boto3 issue 4634). */
const AFTERWARDS = [
  "PreferredMaintenanceWindow",
  "DatabaseInsightsMode",
  "PerformanceInsightsEnabled",
  "PerformanceInsightsRetentionPeriod",
] as const;
/** What needs rights of its own to be set, and is told: the Data API, roles of the cluster, a directory. */
const TOLD = ["HttpEndpointEnabled", "AssociatedRoles", "DomainMemberships"] as const;

/** What of a cluster is compared beside what is carried. */
export type SeenCluster = Pick<
  DBCluster,
  (typeof INHERITED)[number] | (typeof AFTERWARDS)[number] | (typeof TOLD)[number]
>;

export const seenCluster = (cluster: DBCluster): SeenCluster =>
  present(
    Object.fromEntries([...INHERITED, ...AFTERWARDS, ...TOLD].map((name) => [name, cluster[name]])),
  ) as SeenCluster;

const same = (left: unknown, right: unknown) =>
  JSON.stringify([left].flat().toSorted()) === JSON.stringify([right].flat().toSorted());

const differing = (names: readonly string[], wanted: object, has: object): string[] => {
  const [from, to] = [wanted, has] as Record<string, unknown>[];
  return names
    .filter((name) => from![name] !== undefined && !same(from![name], to![name]))
    .map((name) => `${name}: ${JSON.stringify(from![name])} → ${JSON.stringify(to![name] ?? null)}`);
};

/** Setting by setting: `drift` must not be, `afterwards` is set with ModifyDBCluster, `told` is for a person. */
export function compareCluster(
  wanted: CarriedCluster,
  seen: SeenCluster,
  restored: DBCluster,
): { drift: string[]; afterwards: string[]; told: string[] } {
  return {
    drift: [
      ...differing(Object.keys(wanted), wanted, carriedCluster(restored)),
      ...differing(INHERITED, seen, restored),
    ],
    afterwards: differing(AFTERWARDS, seen, restored),
    told: differing(TOLD, seen, restored),
  };
}

/** Settings of an instance that are not as they were asked for. */
export const compareMember = (wanted: CarriedMember, member: DBInstance): string[] =>
  differing(Object.keys(wanted), wanted, carriedMember(member));

/** What ModifyDBCluster must be given so that a restored cluster has what only it can set; undefined when it has. */
export function clusterAfterwards(
  seen: SeenCluster,
  restored: DBCluster,
): Omit<ModifyDBClusterCommandInput, "DBClusterIdentifier"> | undefined {
  if (differing(AFTERWARDS, seen, restored).length === 0) return undefined;
  return present({
    PreferredMaintenanceWindow: seen.PreferredMaintenanceWindow,
    DatabaseInsightsMode: seen.DatabaseInsightsMode,
    EnablePerformanceInsights: seen.PerformanceInsightsEnabled,
    PerformanceInsightsRetentionPeriod: seen.PerformanceInsightsEnabled
      ? seen.PerformanceInsightsRetentionPeriod
      : undefined,
  });
}
