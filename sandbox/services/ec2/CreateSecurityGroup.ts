import type { CreateSecurityGroupCommandInput, CreateSecurityGroupResult } from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { addGroup, ec2State, tagsFor } from "./state.ts";

/** Makes a security group that admits nothing yet. */
export const CreateSecurityGroup = operation<CreateSecurityGroupCommandInput, CreateSecurityGroupResult>({
  authorize: (_, { world }) => [
    { action: "ec2:CreateSecurityGroup", resources: [world.arn("ec2", "security-group/*")] },
  ],
  run: (input, { world }) => {
    const state = ec2State(world);
    const vpcId = input.VpcId ?? state.defaultVpcId;
    const name = input.GroupName ?? "";
    if (!state.vpcs.has(vpcId))
      throw new ServiceException("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
    if ([...state.groups.values()].some((each) => each.GroupName === name && each.VpcId === vpcId))
      throw new ServiceException(
        "InvalidGroup.Duplicate",
        `The security group '${name}' already exists for VPC '${vpcId}'`,
      );
    const tags = tagsFor("security-group", input.TagSpecifications);
    const group = addGroup(world, state, { name, description: input.Description ?? "", vpcId, tags });
    return { GroupId: group.GroupId, Tags: tags, SecurityGroupArn: group.SecurityGroupArn };
  },
});
