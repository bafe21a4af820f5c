import type { Cluster, DescribeClusterCommandInput, DescribeClusterResponse } from "@aws-sdk/client-eks";
import { clusters as engines } from "../../engines/kubernetes/index.ts";
import { operation } from "../../service.ts";
import type { World } from "../../world.ts";
import { clusterArn, clusterNamed, type EksCluster } from "./state.ts";

export const DescribeCluster = operation<DescribeClusterCommandInput, DescribeClusterResponse>({
  authorize: (input, { world }) => [
    { action: "eks:DescribeCluster", resources: [clusterArn(world, input.name)] },
  ],
  run: (input, { world }) => ({ cluster: answerOf(world, clusterNamed(world, input.name)) }),
});

/** A cluster as EKS answers it: no endpoint and no authority until it is there. */
export function answerOf(world: World, cluster: EksCluster): Cluster {
  const engine = cluster.status === "ACTIVE" ? engines(world).get(cluster.name) : undefined;
  return {
    name: cluster.name,
    arn: cluster.arn,
    createdAt: new Date(cluster.createdAt),
    version: cluster.version,
    roleArn: cluster.roleArn,
    status: cluster.status,
    resourcesVpcConfig: {
      subnetIds: cluster.subnetIds,
      endpointPublicAccess: cluster.endpointAccess.public,
      endpointPrivateAccess: cluster.endpointAccess.private,
      publicAccessCidrs: cluster.endpointAccess.public ? ["0.0.0.0/0"] : [],
    },
    accessConfig: { authenticationMode: cluster.authenticationMode },
    platformVersion: "eks.1",
    tags: cluster.tags,
    ...(engine
      ? {
          endpoint: `https://${cluster.host}`,
          certificateAuthority: { data: Buffer.from(engine.caPem).toString("base64") },
        }
      : {}),
  };
}
