import type { Service } from "../../service.ts";
import { AddTagsToResource } from "./AddTagsToResource.ts";
import { CreateDBCluster } from "./CreateDBCluster.ts";
import { CreateDBClusterParameterGroup } from "./CreateDBClusterParameterGroup.ts";
import { CreateDBClusterSnapshot } from "./CreateDBClusterSnapshot.ts";
import { CreateDBInstance } from "./CreateDBInstance.ts";
import { CreateDBParameterGroup } from "./CreateDBParameterGroup.ts";
import { CreateDBSnapshot } from "./CreateDBSnapshot.ts";
import { CreateDBSubnetGroup } from "./CreateDBSubnetGroup.ts";
import { CreateOptionGroup } from "./CreateOptionGroup.ts";
import { clusterState } from "./cluster-state.ts";
import { DeleteDBCluster } from "./DeleteDBCluster.ts";
import { DeleteDBInstance } from "./DeleteDBInstance.ts";
import { DeleteDBSnapshot } from "./DeleteDBSnapshot.ts";
import { DescribeDBClusterSnapshots } from "./DescribeDBClusterSnapshots.ts";
import { DescribeDBClusters } from "./DescribeDBClusters.ts";
import { DescribeDBInstanceAutomatedBackups } from "./DescribeDBInstanceAutomatedBackups.ts";
import { DescribeDBInstances } from "./DescribeDBInstances.ts";
import { DescribeDBParameterGroups } from "./DescribeDBParameterGroups.ts";
import { DescribeDBSnapshots } from "./DescribeDBSnapshots.ts";
import { DescribeDBSubnetGroups } from "./DescribeDBSubnetGroups.ts";
import { DescribeEvents } from "./DescribeEvents.ts";
import { DescribeOptionGroups } from "./DescribeOptionGroups.ts";
import { ListTagsForResource } from "./ListTagsForResource.ts";
import { takeDown } from "./lifecycle.ts";
import { ModifyDBCluster } from "./ModifyDBCluster.ts";
import { ModifyDBInstance } from "./ModifyDBInstance.ts";
import { RebootDBInstance } from "./RebootDBInstance.ts";
import { RemoveTagsFromResource } from "./RemoveTagsFromResource.ts";
import { RestoreDBClusterToPointInTime } from "./RestoreDBClusterToPointInTime.ts";
import { RestoreDBInstanceFromDBSnapshot } from "./RestoreDBInstanceFromDBSnapshot.ts";
import { RestoreDBInstanceToPointInTime } from "./RestoreDBInstanceToPointInTime.ts";
import { StartDBInstance } from "./StartDBInstance.ts";
import { StopDBInstance } from "./StopDBInstance.ts";
import { rdsState } from "./state.ts";

/** Amazon RDS and Aurora for PostgreSQL, on real PostgreSQL servers. */
export const rds: Service = {
  name: "rds",
  client: () => import("@aws-sdk/client-rds"),
  operations: {
    AddTagsToResource,
    CreateDBCluster,
    CreateDBClusterParameterGroup,
    CreateDBClusterSnapshot,
    CreateDBInstance,
    CreateDBParameterGroup,
    CreateDBSnapshot,
    CreateDBSubnetGroup,
    CreateOptionGroup,
    DeleteDBCluster,
    DeleteDBInstance,
    DeleteDBSnapshot,
    DescribeDBClusterSnapshots,
    DescribeDBClusters,
    DescribeDBInstanceAutomatedBackups,
    DescribeDBInstances,
    DescribeDBParameterGroups,
    DescribeDBSnapshots,
    DescribeDBSubnetGroups,
    DescribeEvents,
    DescribeOptionGroups,
    ListTagsForResource,
    ModifyDBCluster,
    ModifyDBInstance,
    RebootDBInstance,
    RemoveTagsFromResource,
    RestoreDBClusterToPointInTime,
    RestoreDBInstanceFromDBSnapshot,
    RestoreDBInstanceToPointInTime,
    StartDBInstance,
    StopDBInstance,
  },
  start: (world) => {
    world.onStop(async () => {
      // Readers first: each holds a connection of its writer's server.
      await Promise.all([...clusterState(world).members.values()].map(({ reader }) => reader?.discard()));
      await Promise.all(
        [
          ...rdsState(world).instances.values(),
          ...[...clusterState(world).clusters.values()].map(({ volume }) => volume),
        ].map((instance) => takeDown(world, instance, true)),
      );
    });
  },
};
