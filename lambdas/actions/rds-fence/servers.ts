import {
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal } from "../../runtime/errors.ts";

const rds = once(() => new RDSClient(clientSettings));

/** Where a server answers. */
export interface Place {
  address: string;
  port: number;
}

/** The servers that the application could be at: one that takes its writes, and those that only read. */
export interface Servers extends Place {
  readers: Place[];
}

async function instanceOf(id: string): Promise<DBInstance | undefined> {
  const { DBInstances } = await rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  return DBInstances?.[0];
}

function placeOf({ DBInstanceIdentifier, Endpoint }: DBInstance): Place {
  if (!Endpoint?.Address || !Endpoint.Port)
    throw refusal(
      `${DBInstanceIdentifier} has no endpoint, so nobody can be kept out of it. Nothing was changed.`,
    );
  return { address: Endpoint.Address, port: Endpoint.Port };
}

/**
 * An instance by itself, or the cluster that it is of: by the cluster's own name, which leads to whichever instance
 * writes when it is asked, and each of its readers.
 */
export async function serversOf(given: { instance: string; cluster?: string | undefined }): Promise<Servers> {
  const { instance, cluster } = given;
  const named = await instanceOf(instance);
  if (cluster === undefined) return { ...placeOf(named ?? { DBInstanceIdentifier: instance }), readers: [] };
  if (named?.DBClusterIdentifier !== cluster)
    throw refusal(
      `${instance} is no instance of the cluster ${cluster} (it is of ${named?.DBClusterIdentifier ?? "none"}), so nobody would be kept out of that. Nothing was changed. Correct the plan.`,
    );
  const { DBClusters } = await rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }));
  const { Endpoint, Port, DBClusterMembers = [] } = DBClusters?.[0] ?? {};
  if (!Endpoint || !Port)
    throw refusal(`${cluster} has no endpoint, so nobody can be kept out of it. Nothing was changed.`);
  const readers: Place[] = [];
  for (const { DBInstanceIdentifier: id = "", IsClusterWriter } of DBClusterMembers) {
    if (IsClusterWriter) continue;
    const reader = id === instance ? named : await instanceOf(id);
    // One that is being made or deleted has no endpoint, and nobody at it.
    if (reader?.Endpoint?.Address) readers.push(placeOf(reader));
  }
  return { address: Endpoint, port: Port, readers };
}
