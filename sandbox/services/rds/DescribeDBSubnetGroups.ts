import type {
  DescribeDBSubnetGroupsCommandInput,
  DescribeDBSubnetGroupsCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { rdsState } from "./state.ts";

/** Groups, all or one. */
export const DescribeDBSubnetGroups = operation<
  DescribeDBSubnetGroupsCommandInput,
  Omit<DescribeDBSubnetGroupsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DescribeDBSubnetGroups",
      resources: [world.arn("rds", `subgrp:${input.DBSubnetGroupName ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const groups = rdsState(world).subnetGroups;
    if (input.DBSubnetGroupName === undefined) return { DBSubnetGroups: [...groups.values()] };
    const group = groups.get(input.DBSubnetGroupName.toLowerCase());
    if (!group)
      throw new ServiceException(
        "DBSubnetGroupNotFoundFault",
        `DB subnet group '${input.DBSubnetGroupName}' does not exist.`,
      );
    return { DBSubnetGroups: [group] };
  },
});
