import type { CreateDBInstanceCommandInput, Tag } from "@aws-sdk/client-rds";
import { aliasHost, hostOf, releaseHost } from "../../engines/hosts.ts";
import { ServiceException } from "../../service.ts";
import { randomId, type World } from "../../world.ts";
import { startReader } from "./cluster-reader.ts";
import { ENGINE } from "./cluster-settings.ts";
import {
  availableCluster,
  type ClusterSettings,
  clusterEndpoints,
  clusterState,
  type DbCluster,
  type Member,
  volumeName,
} from "./cluster-state.ts";
import { giveServer, newInstance } from "./lifecycle.ts";
import { instanceIdentifier } from "./names.ts";
import { DEFAULTS, endpointName, instanceArn, rdsState, recordEvent } from "./state.ts";

const QUOTA = 40;
/** Sandbox milliseconds until an instance of a cluster answers, and until a deleted one is gone. */
const STARTING = 20_000;
const DELETING = 20_000;
/** As many standbys as the writer's server feeds here. */
const READERS = 3;

/** Registers a new cluster in status `creating`; its volume's server is made by `bringUp`. */
export async function addCluster(
  world: World,
  given: {
    id: string;
    settings: ClusterSettings;
    port: number;
    masterPassword: string;
    superuserPassword?: string;
    tags: Tag[];
  },
): Promise<DbCluster> {
  const { clusters } = clusterState(world);
  if (clusters.has(given.id))
    throw new ServiceException("DBClusterAlreadyExistsFault", "DB Cluster already exists");
  if (clusters.size >= QUOTA)
    throw new ServiceException(
      "DBClusterQuotaExceededFault",
      "You have reached the maximum number of DB clusters for your account.",
    );
  const resourceId = `cluster-${randomId(26)}`;
  const { settings, ...rest } = given;
  const { BackupRetentionPeriod, VpcSecurityGroups, MasterUsername, DatabaseName } = settings;
  const volume = newInstance(
    world,
    { ...rest, settings: { BackupRetentionPeriod, VpcSecurityGroups, MasterUsername, DBName: DatabaseName } },
    resourceId,
  );
  volume.volumeOf = given.id;
  const cluster = {
    id: given.id,
    resourceId,
    modifying: false,
    settings,
    tags: given.tags,
    volume,
    members: [],
  };
  clusters.set(given.id, cluster);
  try {
    const { writer, readers } = clusterEndpoints(world, given.id);
    // One label stands for every instance that the cluster will have.
    const names = [writer, readers, `*.${rdsState(world).endpointSuffix}`];
    await giveServer(world, volume, volumeName(volume), names);
  } catch (error) {
    clusters.delete(given.id);
    throw error;
  }
  return cluster;
}

/** What belongs to the cluster and cannot be given to one of its instances. */
const CLUSTERS_OWN = [
  "Port",
  "DBName",
  "MasterUsername",
  "MasterUserPassword",
  "AllocatedStorage",
  "BackupRetentionPeriod",
  "VpcSecurityGroupIds",
  "StorageEncrypted",
  "KmsKeyId",
  "EnableIAMDatabaseAuthentication",
  "EnableCloudwatchLogsExports",
] as const satisfies (keyof CreateDBInstanceCommandInput)[];

/** Registers an instance of a cluster; the first one is the writer, and the cluster's names lead to it. */
export function addMember(world: World, input: CreateDBInstanceCommandInput): Member {
  const id = instanceIdentifier(input.DBInstanceIdentifier);
  const { members } = clusterState(world);
  if (members.has(id) || rdsState(world).instances.has(id))
    throw new ServiceException("DBInstanceAlreadyExistsFault", "DB instance already exists");
  const cluster = availableCluster(world, input.DBClusterIdentifier);
  if (input.Engine !== ENGINE)
    throw new ServiceException(
      "InvalidParameterCombination",
      `The engine name requested for your DB instance (${input.Engine}) doesn't match the engine name of your DB cluster (${ENGINE}).`,
    );
  const wrong = CLUSTERS_OWN.find((name) => input[name] !== undefined);
  if (wrong)
    throw new ServiceException(
      "InvalidParameterCombination",
      `The requested DB Instance will be a member of a DB Cluster. Set ${wrong} for the DB Cluster.`,
    );
  const parameters = input.DBParameterGroupName ?? "default.aurora-postgresql17";
  if (!rdsState(world).parameterGroups.has(parameters))
    throw new ServiceException("DBParameterGroupNotFoundFault", `DBParameterGroup not found: ${parameters}`);
  if (cluster.members.length > READERS)
    throw new ServiceException(
      "NotImplementedBySandbox",
      `The sandbox gives a cluster a writer and ${READERS} readers at most. ${id} was not created.`,
      { status: 501 },
    );
  const member: Member = {
    id,
    resourceId: `db-${randomId(26)}`,
    cluster,
    status: "creating",
    settings: {
      DBInstanceClass: input.DBInstanceClass,
      DBParameterGroups: [{ DBParameterGroupName: parameters, ParameterApplyStatus: "in-sync" }],
      OptionGroupMemberships: [{ OptionGroupName: DEFAULTS.options, Status: "in-sync" }],
      PubliclyAccessible: input.PubliclyAccessible ?? false,
      AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
      PromotionTier: input.PromotionTier ?? 1,
      CACertificateIdentifier: input.CACertificateIdentifier ?? "rds-ca-rsa2048-g1",
      MonitoringInterval: input.MonitoringInterval ?? 0,
      MonitoringRoleArn: input.MonitoringRoleArn,
      PerformanceInsightsEnabled: input.EnablePerformanceInsights ?? false,
      PerformanceInsightsRetentionPeriod: input.PerformanceInsightsRetentionPeriod,
      PreferredMaintenanceWindow:
        input.PreferredMaintenanceWindow ?? cluster.settings.PreferredMaintenanceWindow,
      AvailabilityZone: input.AvailabilityZone ?? `${world.region}a`,
      PendingModifiedValues: {},
    },
    tags: input.Tags ?? [],
    createdAt: world.clock.now(),
  };
  members.set(id, member);
  rdsState(world).ofClusters.add(id);
  cluster.members.push(member);
  cluster.volume.busy = answering(world, member);
  return member;
}

/** Takes an instance out of its cluster, whose names lead nowhere when it was the last. */
export function removeMember(world: World, member: Member): void {
  const { cluster, id } = member;
  if (member === cluster.members[0] && cluster.members.slice(1).some(({ status }) => status !== "deleting"))
    throw new ServiceException(
      "NotImplementedBySandbox",
      `The sandbox knows no failover: ${id} writes for ${cluster.id}, which has readers. Nothing was deleted.`,
      { status: 501 },
    );
  member.status = "deleting";
  member.gone = world.clock.sleep(DELETING).then(async () => {
    await member.reader?.stop();
    clusterState(world).members.delete(id);
    rdsState(world).ofClusters.delete(id);
    cluster.members = cluster.members.filter((each) => each !== member);
    releaseHost(world, endpointName(world, id));
    const { writer, readers } = clusterEndpoints(world, cluster.id);
    const [first, ...others] = cluster.members;
    const next = others.findLast(({ status }) => status === "available") ?? first;
    const host = next && hostOf(world, endpointName(world, next.id));
    if (host) aliasHost(world, readers, host);
    if (cluster.members.length === 0) for (const name of [writer, readers]) releaseHost(world, name);
    const source = { type: "db-instance" as const, id, arn: instanceArn(world, id) };
    recordEvent(world, source, "DB instance deleted", "deletion", "RDS-EVENT-0003");
  });
}

async function answering(world: World, member: Member): Promise<void> {
  const { cluster, id } = member;
  const { writer, readers } = clusterEndpoints(world, cluster.id);
  const own = endpointName(world, id);
  const reads = cluster.members[0] !== member;
  try {
    await Promise.all([world.clock.sleep(STARTING), reads ? startReader(world, member) : undefined]);
  } catch (error) {
    member.status = "failed";
    world.log("rds", `${id} failed: ${(error as Error).message}`);
    return;
  }
  const host = hostOf(world, reads ? own : volumeName(cluster.volume));
  if (!host || member.status !== "creating") return; // the sandbox was stopped, or the instance deleted
  // Where there is no reader, their name leads to the writer, as Aurora has it; among several it leads to the newest.
  for (const name of reads ? [readers] : [writer, readers, own]) aliasHost(world, name, host);
  member.status = "available";
  const source = { type: "db-instance" as const, id, arn: instanceArn(world, id) };
  recordEvent(world, source, "DB instance created", "creation", "RDS-EVENT-0005");
}
