import type {
  DescribeDBParameterGroupsCommandInput,
  DescribeDBParameterGroupsCommandOutput,
} from "@aws-sdk/client-rds";
import { operation, ServiceException } from "../../service.ts";
import { rdsState } from "./state.ts";

/** Groups, all or one. */
export const DescribeDBParameterGroups = operation<
  DescribeDBParameterGroupsCommandInput,
  Omit<DescribeDBParameterGroupsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "rds:DescribeDBParameterGroups",
      resources: [world.arn("rds", `pg:${input.DBParameterGroupName ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const groups = rdsState(world).parameterGroups;
    if (input.DBParameterGroupName === undefined) return { DBParameterGroups: [...groups.values()] };
    const group = groups.get(input.DBParameterGroupName.toLowerCase());
    if (!group)
      throw new ServiceException(
        "DBParameterGroupNotFoundFault",
        `DBParameterGroup not found: ${input.DBParameterGroupName}`,
      );
    return { DBParameterGroups: [group] };
  },
});
