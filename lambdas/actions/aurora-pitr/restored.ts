import { CreateDBInstanceCommand, type DBCluster, type DBInstance, type Tag } from "@aws-sdk/client-rds";
import { WatchdogError } from "../../runtime/errors.ts";
import type { CarriedMember } from "../../runtime/rds/cluster-settings.ts";
import { DEAD_CLUSTER, findCluster } from "../../runtime/rds/clusters.ts";
import { DEAD, findInstance, rds, tagOf } from "../../runtime/rds/instances.ts";

/** What there is of a restore. */
export interface Restored {
  cluster: DBCluster | undefined;
  /** By name; undefined where it is not made yet. */
  instances: Map<string, DBInstance | undefined>;
}

const notOurs = (what: string) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `${what} exists that this run did not make. It was left alone. Nothing was changed.`,
  );

/** The run's cluster and its instances as they are now. Throws for one that another made under their names. */
export async function lookAt(target: string, names: string[], runId: string): Promise<Restored> {
  const cluster = await findCluster(target);
  if (cluster && tagOf(cluster, "watchdog:run") !== runId) throw notOurs(`A cluster ${target}`);
  const instances = new Map<string, DBInstance | undefined>();
  for (const name of cluster ? names : []) {
    const found = await findInstance(name);
    if (found && (found.DBClusterIdentifier !== target || tagOf(found, "watchdog:run") !== runId))
      throw notOurs(`An instance ${name}`);
    instances.set(name, found);
  }
  return { cluster, instances };
}

/** Throws when a part of it will never become available; the rest is said to be kept. */
export function mustLive({ cluster, instances }: Restored, source: string): void {
  const dead =
    cluster && DEAD_CLUSTER.includes(cluster.Status ?? "")
      ? `${cluster.DBClusterIdentifier}, and it is ${cluster.Status}`
      : [...instances.values()]
          .filter((each) => DEAD.includes(each?.DBInstanceStatus ?? ""))
          .map((each) => `${each!.DBInstanceIdentifier}, and it is ${each!.DBInstanceStatus}`)[0];
  if (dead)
    throw new WatchdogError(
      "WorkFailed",
      `RDS made ${dead}. ${source} was not touched, and what was made of the copy is kept. See its events.`,
    );
}

/** That a cluster is in the middle of something, as an error that passes, so that it is asked again; anything else as it is. */
export function ofState(error: unknown, cluster: string): unknown {
  if ((error as Error).name !== "InvalidDBClusterStateFault") return error;
  return new WatchdogError(
    "ServiceUnavailable",
    `${cluster} is in the middle of something else: ${(error as Error).message}`,
    { cause: error },
  );
}

/** Makes one instance of the restored cluster; the first one that there is writes. */
export async function createMember(
  name: string,
  cluster: string,
  settings: CarriedMember,
  tags: Tag[],
  runId: string,
): Promise<void> {
  try {
    await rds().send(
      new CreateDBInstanceCommand({
        ...settings,
        DBInstanceIdentifier: name,
        DBClusterIdentifier: cluster,
        Tags: tags,
      }),
    );
  } catch (error) {
    const { name: fault, message } = error as Error;
    // The SDK called again after a lost reply: the first call's instance is ours.
    const made = fault === "DBInstanceAlreadyExistsFault" ? await findInstance(name) : undefined;
    if (made && tagOf(made, "watchdog:run") === runId) return;
    if (/^(InsufficientDBInstanceCapacity|InstanceQuotaExceeded|StorageQuotaExceeded)/.test(fault))
      throw new WatchdogError(
        "WorkFailed",
        `The restored cluster ${cluster} is there and has no instance ${name}: ${message} The source was not touched, and ${cluster} is kept. ` +
          "Make room or name another class in the plan (class), then start the run again.",
        { cause: error },
      );
    throw ofState(error, cluster);
  }
}
