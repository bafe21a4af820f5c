import type { DescribeDBInstancesCommandInput, DescribeDBInstancesCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { instanceAnswer } from "./answers.ts";
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
    const all =
      wanted === undefined ? [...rdsState(world).instances.values()] : [instanceNamed(world, wanted)];
    const filtered = all.filter((instance) =>
      (input.Filters ?? []).every(({ Name, Values = [] }) => {
        if (Name === "db-instance-id")
          return Values.some((value) => value === instance.id || value === instanceArn(world, instance.id));
        if (Name === "engine") return Values.includes(instance.settings.Engine ?? "");
        if (Name === "dbi-resource-id") return Values.includes(instance.resourceId);
        throw new ServiceException("InvalidParameterValue", `Unrecognized filter name: ${Name}`);
      }),
    );
    const { items, Marker } = page(filtered, input);
    return { DBInstances: items.map((instance) => instanceAnswer(world, instance)), Marker };
  },
});
