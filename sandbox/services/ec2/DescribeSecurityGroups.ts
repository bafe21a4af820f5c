import type { DescribeSecurityGroupsCommandInput, DescribeSecurityGroupsResult } from "@aws-sdk/client-ec2";
import { operation } from "../../service.ts";
import { passes } from "./filters.ts";
import { ec2State, groupOf } from "./state.ts";

/** The security groups of the account with their rules. */
export const DescribeSecurityGroups = operation<
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsResult
>({
  authorize: () => [{ action: "ec2:DescribeSecurityGroups", resources: ["*"] }],
  run: (input, { world }) => {
    const named = [
      ...(input.GroupIds ?? []).map((id) => groupOf(world, id)),
      ...(input.GroupNames ?? []).map((name) => groupOf(world, undefined, name)),
    ];
    const wanted = named.length > 0 ? named : [...ec2State(world).groups.values()];
    return {
      SecurityGroups: wanted.filter((each) =>
        passes("DescribeSecurityGroups", input.Filters, each.Tags, {
          "group-id": each.GroupId,
          "group-name": each.GroupName,
          "vpc-id": each.VpcId,
          description: each.Description,
        }),
      ),
    };
  },
});
