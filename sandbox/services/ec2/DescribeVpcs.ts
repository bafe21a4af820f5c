import type { DescribeVpcsCommandInput, DescribeVpcsResult } from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { passes } from "./filters.ts";
import { ec2State } from "./state.ts";

/** The VPCs of the account. */
export const DescribeVpcs = operation<DescribeVpcsCommandInput, DescribeVpcsResult>({
  authorize: () => [{ action: "ec2:DescribeVpcs", resources: ["*"] }],
  run: (input, { world }) => {
    const { vpcs } = ec2State(world);
    for (const id of input.VpcIds ?? [])
      if (!vpcs.has(id))
        throw new ServiceException("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
    const wanted = [...vpcs.values()].filter(
      (each) => !input.VpcIds?.length || input.VpcIds.includes(each.VpcId),
    );
    return {
      Vpcs: wanted.filter((each) =>
        passes("DescribeVpcs", input.Filters, each.Tags, {
          "vpc-id": each.VpcId,
          "is-default": String(each.IsDefault),
          isDefault: String(each.IsDefault),
          cidr: each.CidrBlock,
          state: each.State,
        }),
      ),
    };
  },
});
