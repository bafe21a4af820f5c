import type { CreateSubnetCommandInput, CreateSubnetResult } from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { addSubnet, ec2State, tagsFor } from "./state.ts";

/** Makes a subnet in a VPC. */
export const CreateSubnet = operation<CreateSubnetCommandInput, CreateSubnetResult>({
  authorize: (input, { world }) => [
    {
      action: "ec2:CreateSubnet",
      resources: [world.arn("ec2", `vpc/${input.VpcId}`), world.arn("ec2", "subnet/*")],
    },
  ],
  run: (input, { world }) => {
    const state = ec2State(world);
    const vpcId = input.VpcId ?? "";
    if (!state.vpcs.has(vpcId))
      throw new ServiceException("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
    return {
      Subnet: addSubnet(world, state, vpcId, {
        cidr: input.CidrBlock ?? "10.0.0.0/24",
        zone: input.AvailabilityZone ?? `${world.region}a`,
        tags: tagsFor("subnet", input.TagSpecifications),
      }),
    };
  },
});
