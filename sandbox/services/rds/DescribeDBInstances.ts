import type { DescribeDBInstancesCommandInput, DescribeDBInstancesCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
import { memberAnswer } from "./cluster-answers.ts";
import { clusterArn, clusterState, memberNamed } from "./cluster-state.ts";
import { page } from "./page.ts";
import { instanceArn, instanceNamed, rdsState } from "./state.ts";

/** Instances, all or one. */
export const DescribeDBInstances = operation<
  DescribeDBInstancesCommandInput,
  Omit<DescribeDBInstancesCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:DescribeDBInstances", resources: [instanceArn(world, input.DBInstanceIdentifier ?? "*")] },
  ],
  run: (input, { world }) => {
    const wanted = input.DBInstanceIdentifier;
    const member = wanted === undefined ? undefined : memberNamed(world, wanted);
    const all =
      wanted === undefined
        ? [
            ...[...rdsState(world).instances.values()].map((each) => instanceAnswer(world, each)),
            ...[...clusterState(world).members.values()].map((each) => memberAnswer(world, each)),
          ]
        : [member ? memberAnswer(world, member) : instanceAnswer(world, instanceNamed(world, wanted))];
    const filtered = all.filter((instance) =>
      (input.Filters ?? []).every(({ Name, Values = [] }) => {
        const is = (...known: (string | undefined)[]) => known.some((each) => each && Values.includes(each));
        if (Name === "db-instance-id") return is(instance.DBInstanceIdentifier, instance.DBInstanceArn);
        if (Name === "db-cluster-id")
          return is(
            instance.DBClusterIdentifier,
            instance.DBClusterIdentifier && clusterArn(world, instance.DBClusterIdentifier),
          );
        if (Name === "engine") return is(instance.Engine);
        if (Name === "dbi-resource-id") return is(instance.DbiResourceId);
        throw new ServiceException("InvalidParameterValue", `Unrecognized filter name: ${Name}`);
      }),
    );
    const { items, Marker } = page(filtered, input);
    return { DBInstances: items, Marker };
  },
});
