import type { Service } from "../../service.ts";
import { AddTagsToResource } from "./AddTagsToResource.ts";
import { CreateDBInstance } from "./CreateDBInstance.ts";
import { CreateDBParameterGroup } from "./CreateDBParameterGroup.ts";
import { CreateDBSnapshot } from "./CreateDBSnapshot.ts";
import { CreateDBSubnetGroup } from "./CreateDBSubnetGroup.ts";
import { CreateOptionGroup } from "./CreateOptionGroup.ts";
import { DeleteDBInstance } from "./DeleteDBInstance.ts";
import { DeleteDBSnapshot } from "./DeleteDBSnapshot.ts";
import { DescribeDBInstanceAutomatedBackups } from "./DescribeDBInstanceAutomatedBackups.ts";
import { DescribeDBInstances } from "./DescribeDBInstances.ts";
import { DescribeDBParameterGroups } from "./DescribeDBParameterGroups.ts";
import { DescribeDBSnapshots } from "./DescribeDBSnapshots.ts";
import { DescribeDBSubnetGroups } from "./DescribeDBSubnetGroups.ts";
import { DescribeEvents } from "./DescribeEvents.ts";
import { DescribeOptionGroups } from "./DescribeOptionGroups.ts";
import { ListTagsForResource } from "./ListTagsForResource.ts";
import { takeDown } from "./lifecycle.ts";
import { ModifyDBInstance } from "./ModifyDBInstance.ts";
import { RebootDBInstance } from "./RebootDBInstance.ts";
import { RemoveTagsFromResource } from "./RemoveTagsFromResource.ts";
import { RestoreDBInstanceFromDBSnapshot } from "./RestoreDBInstanceFromDBSnapshot.ts";
import { RestoreDBInstanceToPointInTime } from "./RestoreDBInstanceToPointInTime.ts";
import { StartDBInstance } from "./StartDBInstance.ts";
import { StopDBInstance } from "./StopDBInstance.ts";
import { rdsState } from "./state.ts";

/** Amazon RDS for PostgreSQL, on real PostgreSQL servers. */
export const rds: Service = {
  name: "rds",
  client: () => import("@aws-sdk/client-rds"),
  operations: {
    AddTagsToResource,
    CreateDBInstance,
    CreateDBParameterGroup,
    CreateDBSnapshot,
    CreateDBSubnetGroup,
    CreateOptionGroup,
    DeleteDBInstance,
    DeleteDBSnapshot,
    DescribeDBInstanceAutomatedBackups,
    DescribeDBInstances,
    DescribeDBParameterGroups,
    DescribeDBSnapshots,
    DescribeDBSubnetGroups,
    DescribeEvents,
    DescribeOptionGroups,
    ListTagsForResource,
    ModifyDBInstance,
    RebootDBInstance,
    RemoveTagsFromResource,
    RestoreDBInstanceFromDBSnapshot,
    RestoreDBInstanceToPointInTime,
    StartDBInstance,
    StopDBInstance,
  },
  start: (world) => {
    world.onStop(async () => {
      await Promise.all(
        [...rdsState(world).instances.values()].map((instance) => takeDown(world, instance, true)),
      );
    });
  },
};
