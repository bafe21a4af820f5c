import type { DBCluster, DBClusterParameterGroup, DBInstance, Tag } from "@aws-sdk/client-rds";
import { hostOf } from "../../engines/hosts.ts";
import type { BaseBackup } from "../../engines/postgres/backup.ts";
import type { Cluster } from "../../engines/postgres/cluster.ts";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";
import { type Instance, instanceArn, rdsState } from "./state.ts";

/** The settings of a cluster as DescribeDBClusters answers them; what is computed is filled in there. */
export type ClusterSettings = Omit<
  DBCluster,
  "Status" | "Endpoint" | "ReaderEndpoint" | "DBClusterMembers" | "TagList" | "LatestRestorableTime"
>;

/**
 * An Aurora cluster. Its volume is one PostgreSQL server that begins with the cluster, as the storage does; it is
 * reached by the cluster's names from the moment that a first instance is there.
 */
export interface DbCluster {
  id: string;
  resourceId: string;
  /** A status of its own while it is changed; otherwise it is the volume's. */
  modifying: boolean;
  settings: ClusterSettings;
  tags: Tag[];
  volume: Instance;
  /** Its instances, the writer first. */
  members: Member[];
}

/** An instance of a cluster: the writer is a name and a class for the server that the volume has. */
export interface Member {
  id: string;
  resourceId: string;
  cluster: DbCluster;
  status: string;
  settings: Partial<DBInstance>;
  tags: Tag[];
  createdAt: number;
  /** The server of one that only reads. */
  reader?: Cluster;
  /** Once it is being deleted: settles when it is gone. */
  gone?: Promise<void>;
}

export interface ClusterSnapshot {
  id: string;
  arn: string;
  status: string;
  percent: number;
  createdAt: number;
  /** Present once the base backup was taken. */
  backup: BaseBackup | undefined;
  settings: ClusterSettings;
  source: DbCluster;
  tags: Tag[];
}

/** What every account has. */
export const DEFAULT_CLUSTER_PARAMETERS = "default.aurora-postgresql17";
const FAMILY = "aurora-postgresql17";

export const clusterState = stateOf((world: World) => ({
  clusters: new Map<string, DbCluster>(),
  members: new Map<string, Member>(),
  snapshots: new Map<string, ClusterSnapshot>(),
  parameterGroups: new Map<string, DBClusterParameterGroup>([
    [
      DEFAULT_CLUSTER_PARAMETERS,
      {
        DBClusterParameterGroupName: DEFAULT_CLUSTER_PARAMETERS,
        DBParameterGroupFamily: FAMILY,
        Description: `Default cluster parameter group for ${FAMILY}`,
        DBClusterParameterGroupArn: world.arn("rds", `cluster-pg:${DEFAULT_CLUSTER_PARAMETERS}`),
      },
    ],
  ]),
}));

export const clusterArn = (world: World, id: string) => world.arn("rds", `cluster:${id}`);
export const clusterSnapshotArn = (world: World, id: string) => world.arn("rds", `cluster-snapshot:${id}`);

/** A cluster's names: its writer's and its readers'. */
export function clusterEndpoints(world: World, id: string): { writer: string; readers: string } {
  const { endpointSuffix } = rdsState(world);
  return { writer: `${id}.cluster-${endpointSuffix}`, readers: `${id}.cluster-ro-${endpointSuffix}` };
}

export const clusterStatus = ({ modifying, volume }: DbCluster): string =>
  modifying && volume.status === "available" ? "modifying" : volume.status;

/** The cluster, by identifier or ARN; DBClusterNotFoundFault as RDS words it. */
export function clusterNamed(world: World, id: string | undefined): DbCluster {
  const name = (id ?? "").split(":").at(-1)!.toLowerCase();
  const cluster = clusterState(world).clusters.get(name);
  if (!cluster) throw new ServiceException("DBClusterNotFoundFault", `DBCluster ${name} not found.`);
  return cluster;
}

/** The cluster in status `available`, else InvalidDBClusterStateFault. */
export function availableCluster(world: World, id: string | undefined): DbCluster {
  const cluster = clusterNamed(world, id);
  if (clusterStatus(cluster) !== "available")
    throw new ServiceException(
      "InvalidDBClusterStateFault",
      `The source cluster or instance ${cluster.id} is not in available state.`,
    );
  return cluster;
}

/** The instance of a cluster, by identifier or ARN, where it is one. */
export const memberNamed = (world: World, id: string | undefined): Member | undefined =>
  clusterState(world).members.get((id ?? "").split(":").at(-1)!.toLowerCase());

export const memberArn = (world: World, { id }: Member) => instanceArn(world, id);

export function clusterSnapshotNamed(world: World, id: string | undefined): ClusterSnapshot {
  const name = id?.startsWith("arn:") ? id.split(":cluster-snapshot:")[1]! : (id ?? "").toLowerCase();
  const snapshot = clusterState(world).snapshots.get(name);
  if (!snapshot)
    throw new ServiceException("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${name} not found.`);
  return snapshot;
}

/**
 * Where the PostgreSQL of a cluster, with and without instances, or of one of its instances really listens, for scenarios
 * and tests.
 */
export function clusterConnection(world: World, id: string): { host: string; port: number; caFile: string } {
  const member = memberNamed(world, id);
  const { volume } = member?.cluster ?? clusterNamed(world, id);
  const host = member?.reader?.options.address ?? hostOf(world, volumeName(volume))!.address;
  return { host, port: volume.port, caFile: volume.caFile };
}

/** A name that nobody outside asks for: a cluster without instances is reached by none. */
export const volumeName = ({ resourceId }: Instance) => `${resourceId}.volume`;
