import type {
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupEgressResult,
} from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { permissionsOf } from "./permissions.ts";
import { groupOf, sameRule } from "./state.ts";

/** Adds egress rules to a security group. */
export const AuthorizeSecurityGroupEgress = operation<
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupEgressResult
>({
  authorize: (input, { world }) => [
    {
      action: "ec2:AuthorizeSecurityGroupEgress",
      resources: [world.arn("ec2", `security-group/${input.GroupId ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.GroupId);
    for (const rule of permissionsOf(input)) {
      if (group.IpPermissionsEgress.some((each) => sameRule(each, rule)))
        throw new ServiceException("InvalidPermission.Duplicate", "the specified rule already exists");
      group.IpPermissionsEgress.push(rule);
    }
    return { Return: true };
  },
});
