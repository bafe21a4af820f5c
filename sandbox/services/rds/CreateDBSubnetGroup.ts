import type { CreateDBSubnetGroupCommandInput, CreateDBSubnetGroupCommandOutput } from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { rdsState } from "./state.ts";

/** Makes a group of that kind. */
export const CreateDBSubnetGroup = operation<
  CreateDBSubnetGroupCommandInput,
  Omit<CreateDBSubnetGroupCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    { action: "rds:CreateDBSubnetGroup", resources: [world.arn("rds", `subgrp:${input.DBSubnetGroupName}`)] },
  ],
  run: (input, { world }) => {
    const groups = rdsState(world).subnetGroups;
    const name = input.DBSubnetGroupName!.toLowerCase();
    if (groups.has(name))
      throw new ServiceException(
        "DBSubnetGroupAlreadyExistsFault",
        `The DB subnet group '${name}' already exists.`,
      );
    const group = {
      DBSubnetGroupDescription: input.DBSubnetGroupDescription,
      SubnetGroupStatus: "Complete",
      VpcId: "vpc-default",
      Subnets: (input.SubnetIds ?? []).map((SubnetIdentifier) => ({
        SubnetIdentifier,
        SubnetStatus: "Active",
      })),
      DBSubnetGroupName: name,
      DBSubnetGroupArn: world.arn("rds", `subgrp:${name}`),
    };
    groups.set(name, group);
    return { DBSubnetGroup: group };
  },
});
