import * as z from "zod";
import {
  ClusterName,
  InstanceName,
  madeNames,
  snapshotBefore,
  snapshotOutputs,
} from "../../runtime/rds-spec.ts";
import { allow, defineAction } from "../../runtime/spec.ts";

/** The backup that every change to data of an Aurora cluster rests on; a cluster is saved as a whole. */
export const auroraSnapshot = defineAction({
  kind: "aurora-snapshot",
  summary: "Take a snapshot of an Aurora cluster and wait until it is available",
  input: z.strictObject({
    cluster: ClusterName.describe("identifier of the DB cluster"),
    instances: z
      .array(InstanceName)
      .default([])
      .describe("instances of the cluster that later steps name: what they change is saved too"),
  }),
  before: z.strictObject(snapshotBefore),
  outputs: z.strictObject(snapshotOutputs),
  effect: "backs-up",
  revertible: true,
  timing: { timeoutSeconds: 1800, pollSeconds: 15 },
  permissions: ({ cluster }, arn) => {
    const source = arn.of("rds", `cluster:${cluster}`);
    const snapshots = arn.of("rds", `cluster-snapshot:${madeNames(cluster, "r", 255)}`);
    const describe = allow("rds:DescribeDBClusterSnapshots", [snapshots, source]);
    return {
      read: [allow("rds:DescribeDBClusters", source), describe],
      write: [
        describe,
        allow("rds:CreateDBClusterSnapshot", [source, snapshots]),
        allow("rds:AddTagsToResource", snapshots),
      ],
    };
  },
  touches: () => [],
  backsUp: ({ cluster, instances = [] }) => [
    { type: "aurora-cluster", id: cluster },
    ...instances.map((id) => ({ type: "rds-instance", id })),
  ],
  creates: ({ cluster }) => [{ type: "aurora-snapshot", id: `${cluster}-r-*` }],
  clients: ["@aws-sdk/client-rds", "@aws-sdk/client-dynamodb"],
  runbooks: ["R8"],
  docs: ["https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html"],
});
