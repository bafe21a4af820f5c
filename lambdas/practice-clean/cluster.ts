import { DeleteDBClusterCommand, DeleteDBInstanceCommand } from "@aws-sdk/client-rds";
import type { LeftOver, RunContext } from "../runtime/protocol.ts";
import { findCluster } from "../runtime/rds/clusters.ts";
import { findInstance } from "../runtime/rds/instances.ts";
import { deleted } from "./deleter.ts";
import { candidate } from "./instance.ts";
import { whyNot } from "./why-not.ts";

/**
 * Deletes a throw-away cluster, unless it is not one: its instances first, readers before the writer, and then the
 * cluster with its volume, which Aurora allows once they are all being deleted ("Deleting Aurora DB clusters and DB
 * instances"). An instance that the practice did not make stays, and the cluster with it. What is left of it.
 */
export async function clusterCleaned(run: RunContext, base: string, name: string): Promise<LeftOver[]> {
  const found = await findCluster(name);
  if (!found) return [];
  // The volume is billed by what is in it, which RDS does not say; the price table has no Aurora classes.
  const remains = (arn: string | undefined, why: string): LeftOver => ({
    arn: arn ?? name,
    why,
    usdPerDay: null,
  });
  const { Status: status, ClusterCreateTime: made, TagList, DBClusterMembers = [] } = found;
  const refused = whyNot({ name, status, made, TagList }, run, base);
  if (refused !== undefined) return [remains(found.DBClusterArn, refused)];
  const left: LeftOver[] = [];
  const staying: string[] = [];
  const readersFirst = DBClusterMembers.toSorted(
    (a, b) => Number(a.IsClusterWriter ?? false) - Number(b.IsClusterWriter ?? false),
  );
  for (const { DBInstanceIdentifier: id = "" } of readersFirst) {
    const member = await findInstance(id);
    if (!member) continue;
    const not = whyNot(candidate(member), run, base);
    if (not !== undefined) staying.push(id);
    const why =
      not ??
      (member.DBInstanceStatus === "deleting"
        ? `${id} is being deleted`
        : await deleted(run, id, member.DBInstanceStatus, (client) =>
            client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true })),
          ));
    if (why !== undefined) left.push(remains(member.DBInstanceArn, why));
  }
  const why =
    staying.length > 0
      ? `${name} stays with ${staying.join(", ")}`
      : status === "deleting"
        ? `${name} is being deleted`
        : await deleted(run, name, status, (client) =>
            client.send(
              new DeleteDBClusterCommand({
                DBClusterIdentifier: name,
                SkipFinalSnapshot: true,
                DeleteAutomatedBackups: true,
              }),
            ),
          );
  return why === undefined ? left : [...left, remains(found.DBClusterArn, why)];
}
