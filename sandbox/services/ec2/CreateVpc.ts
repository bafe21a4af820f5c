import type { CreateVpcCommandInput, CreateVpcResult } from "@aws-sdk/client-ec2";
import { operation } from "../../service.ts";
import { addVpc, ec2State, tagsFor } from "./state.ts";

/** Makes a VPC with its default security group. */
export const CreateVpc = operation<CreateVpcCommandInput, CreateVpcResult>({
  authorize: (_, { world }) => [{ action: "ec2:CreateVpc", resources: [world.arn("ec2", "vpc/*")] }],
  run: (input, { world }) => ({
    Vpc: addVpc(
      world,
      ec2State(world),
      input.CidrBlock ?? "10.0.0.0/16",
      tagsFor("vpc", input.TagSpecifications),
    ),
  }),
});
