import type { DeleteSecurityGroupCommandInput, DeleteSecurityGroupResult } from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { ec2State, groupOf } from "./state.ts";

/** Deletes a security group; the default one of a VPC stays. */
export const DeleteSecurityGroup = operation<DeleteSecurityGroupCommandInput, DeleteSecurityGroupResult>({
  authorize: (input, { world }) => [
    {
      action: "ec2:DeleteSecurityGroup",
      resources: [world.arn("ec2", `security-group/${input.GroupId ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.GroupId, input.GroupName);
    if (group.GroupName === "default")
      throw new ServiceException(
        "CannotDelete",
        `the specified group: "${group.GroupId}" name: "default" cannot be deleted by a user`,
      );
    ec2State(world).groups.delete(group.GroupId);
    return { Return: true, GroupId: group.GroupId };
  },
});
