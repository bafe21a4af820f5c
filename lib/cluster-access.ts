import { CfnAccessEntry } from "aws-cdk-lib/aws-eks";
import type { IRole } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { type ClusterGrant, clusterGroup } from "./plan/cluster-access.ts";

/**
 * Lets a role into the clusters that it works in, as a member of one group and nothing more. What the group may do is
 * said by the roles that `watchdog cluster-access` prints and the cluster's owner applies.
 */
export function addAccessEntries(
  scope: Construct,
  service: string,
  name: string,
  role: IRole,
  grants: ClusterGrant[],
): void {
  const own = grants.filter((grant) => grant.role === name);
  for (const clusterName of new Set(own.map(({ cluster }) => cluster)))
    new CfnAccessEntry(scope, `Access-${name}-${clusterName}`, {
      clusterName,
      principalArn: role.roleArn,
      kubernetesGroups: [clusterGroup(service, name)],
    });
}
