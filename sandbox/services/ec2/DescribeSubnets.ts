import type { DescribeSubnetsCommandInput, DescribeSubnetsResult } from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { passes } from "./filters.ts";
import { ec2State } from "./state.ts";

/** The subnets of the account. */
export const DescribeSubnets = operation<DescribeSubnetsCommandInput, DescribeSubnetsResult>({
  authorize: () => [{ action: "ec2:DescribeSubnets", resources: ["*"] }],
  run: (input, { world }) => {
    const { subnets } = ec2State(world);
    for (const id of input.SubnetIds ?? [])
      if (!subnets.has(id))
        throw new ServiceException("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
    const wanted = [...subnets.values()].filter(
      (each) => !input.SubnetIds?.length || input.SubnetIds.includes(each.SubnetId),
    );
    return {
      Subnets: wanted.filter((each) =>
        passes("DescribeSubnets", input.Filters, each.Tags, {
          "subnet-id": each.SubnetId,
          "vpc-id": each.VpcId,
          "availability-zone": each.AvailabilityZone,
          "default-for-az": String(each.DefaultForAz),
          state: each.State,
        }),
      ),
    };
  },
});
