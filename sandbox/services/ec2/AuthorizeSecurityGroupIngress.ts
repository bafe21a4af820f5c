import type {
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressResult,
} from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { permissionsOf } from "./permissions.ts";
import { groupOf, sameRule } from "./state.ts";

/** Adds ingress rules to a security group. */
export const AuthorizeSecurityGroupIngress = operation<
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressResult
>({
  authorize: (input, { world }) => [
    {
      action: "ec2:AuthorizeSecurityGroupIngress",
      resources: [world.arn("ec2", `security-group/${input.GroupId ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.GroupId, input.GroupName);
    for (const rule of permissionsOf(input)) {
      if (group.IpPermissions.some((each) => sameRule(each, rule)))
        throw new ServiceException("InvalidPermission.Duplicate", "the specified rule already exists");
      group.IpPermissions.push(rule);
    }
    return { Return: true };
  },
});
