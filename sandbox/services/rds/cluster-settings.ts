import type {
  CreateDBClusterCommandInput,
  ModifyDBClusterCommandInput,
  RestoreDBClusterToPointInTimeCommandInput,
} from "@aws-sdk/client-rds";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { defaultSecurityGroupId } from "../ec2/state.ts";
import { type ClusterSettings, clusterState, DEFAULT_CLUSTER_PARAMETERS } from "./cluster-state.ts";
import { DEFAULTS, rdsState } from "./state.ts";

/** The inputs that set up a cluster; each operation has most of them. */
type Wanted = Omit<CreateDBClusterCommandInput, "Engine" | "DBClusterIdentifier"> &
  Omit<RestoreDBClusterToPointInTimeCommandInput, "DBClusterIdentifier"> &
  Omit<ModifyDBClusterCommandInput, "DBClusterIdentifier">;

/** The one engine that stands behind clusters here. */
export const ENGINE = "aurora-postgresql";

/** What RDS gives a cluster unless told otherwise. */
export function defaultClusterSettings(world: World): ClusterSettings {
  return {
    Engine: ENGINE,
    EngineVersion: "17.5",
    EngineMode: "provisioned",
    AllocatedStorage: 1,
    AvailabilityZones: ["a", "b", "c"].map((zone) => `${world.region}${zone}`),
    BackupRetentionPeriod: 1,
    PreferredBackupWindow: "03:00-03:30",
    PreferredMaintenanceWindow: "sun:04:00-sun:04:30",
    MultiAZ: false,
    StorageEncrypted: false,
    IAMDatabaseAuthenticationEnabled: false,
    DeletionProtection: false,
    CopyTagsToSnapshot: false,
    HttpEndpointEnabled: false,
    AutoMinorVersionUpgrade: true,
    CrossAccountClone: false,
    NetworkType: "IPV4",
    EngineLifecycleSupport: "open-source-rds-extended-support",
    DatabaseInsightsMode: "standard",
    PerformanceInsightsEnabled: false,
    DBSubnetGroup: DEFAULTS.subnets,
    DBClusterParameterGroup: DEFAULT_CLUSTER_PARAMETERS,
    VpcSecurityGroups: [{ VpcSecurityGroupId: defaultSecurityGroupId(world), Status: "active" }],
    AssociatedRoles: [],
    DomainMemberships: [],
    ReadReplicaIdentifiers: [],
  };
}

/** What a restored cluster has of the one it comes from; the rest is the defaults (aurora-pitr in Aurora's guide). */
const RESTORED = [
  "MasterUsername",
  "DatabaseName",
  "Engine",
  "EngineVersion",
  "StorageEncrypted",
  "KmsKeyId",
  "StorageType",
  "BackupRetentionPeriod",
] as const satisfies (keyof ClusterSettings)[];

export function restoredClusterSettings(world: World, source: ClusterSettings): ClusterSettings {
  const inherited = Object.fromEntries(RESTORED.map((name) => [name, source[name]]));
  return { ...defaultClusterSettings(world), ...inherited };
}

const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;

/** Defaults overlaid with what the input says; groups must exist. */
export function clusterSettingsFrom(
  world: World,
  base: ClusterSettings,
  input: Partial<Wanted>,
): ClusterSettings {
  const subnets = input.DBSubnetGroupName?.toLowerCase();
  if (subnets !== undefined && !rdsState(world).subnetGroups.has(subnets))
    throw new ServiceException(
      "DBSubnetGroupNotFoundFault",
      `DB subnet group '${input.DBSubnetGroupName}' does not exist.`,
    );
  const parameters = input.DBClusterParameterGroupName;
  if (parameters !== undefined && !clusterState(world).parameterGroups.has(parameters))
    throw new ServiceException(
      "DBClusterParameterGroupNotFoundFault",
      `DBClusterParameterGroup not found: ${parameters}`,
    );
  if (input.BacktrackWindow)
    throw new ServiceException(
      "InvalidParameterCombination",
      "Backtrack is not enabled for the aurora-postgresql engine.",
    );
  return {
    ...base,
    ...present({
      DBSubnetGroup: subnets,
      DBClusterParameterGroup: parameters,
      BackupRetentionPeriod: input.BackupRetentionPeriod,
      PreferredBackupWindow: input.PreferredBackupWindow,
      PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
      IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication,
      EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports,
      DeletionProtection: input.DeletionProtection,
      CopyTagsToSnapshot: input.CopyTagsToSnapshot,
      // Standard storage is not named in an answer.
      StorageType: input.StorageType === "aurora" ? undefined : input.StorageType,
      NetworkType: input.NetworkType,
      EngineMode: input.EngineMode,
      EngineLifecycleSupport: input.EngineLifecycleSupport,
      ServerlessV2ScalingConfiguration: input.ServerlessV2ScalingConfiguration,
      DatabaseInsightsMode: input.DatabaseInsightsMode,
      PerformanceInsightsEnabled: input.EnablePerformanceInsights,
      PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
      KmsKeyId: base.StorageEncrypted ? (input.KmsKeyId ?? base.KmsKeyId) : undefined,
      VpcSecurityGroups: input.VpcSecurityGroupIds?.map((VpcSecurityGroupId) => ({
        VpcSecurityGroupId,
        Status: "active",
      })),
    }),
  };
}
