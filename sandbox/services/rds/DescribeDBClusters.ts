import type { DescribeDBClustersCommandInput, DescribeDBClustersCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { clusterAnswer } from "./cluster-answers.ts";
import { clusterArn, clusterNamed, clusterState } from "./cluster-state.ts";
import { page } from "./page.ts";

/** Clusters, all or one. */
export const DescribeDBClusters = operation<
  DescribeDBClustersCommandInput,
  Omit<DescribeDBClustersCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:DescribeDBClusters", resources: [clusterArn(world, input.DBClusterIdentifier ?? "*")] },
  ],
  run: (input, { world }) => {
    const wanted = input.DBClusterIdentifier;
    const all =
      wanted === undefined ? [...clusterState(world).clusters.values()] : [clusterNamed(world, wanted)];
    const filtered = all.filter((cluster) =>
      (input.Filters ?? []).every(({ Name, Values = [] }) => {
        if (Name === "db-cluster-id")
          return Values.some((value) => value === cluster.id || value === clusterArn(world, cluster.id));
        if (Name === "engine") return Values.includes(cluster.settings.Engine ?? "");
        if (Name === "db-cluster-resource-id") return Values.includes(cluster.resourceId);
        throw new ServiceException("InvalidParameterValue", `Unrecognized filter name: ${Name}`);
      }),
    );
    const { items, Marker } = page(filtered, input);
    return { DBClusters: items.map((cluster) => clusterAnswer(world, cluster)), Marker };
  },
});
