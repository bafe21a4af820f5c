import { type DBCluster, DescribeDBClustersCommand } from "@aws-sdk/client-rds";
import { rds } from "./instances.ts";

/** Statuses from which a cluster does not become available by itself. Aurora's guide, "Viewing DB cluster status". */
export const DEAD_CLUSTER = [
  "cloning-failed",
  "deleting",
  "inaccessible-encryption-credentials",
  "migration-failed",
];

/** A cluster; undefined when there is none of that name. */
export async function findCluster(id: string): Promise<DBCluster | undefined> {
  try {
    return (await rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }))).DBClusters?.[0];
  } catch (error) {
    if ((error as Error).name === "DBClusterNotFoundFault") return undefined;
    throw error;
  }
}
